/**
 * Free text for readers who may not know who it is about, and for every analysis: names, numbers and places are taken out.
 * What is known of the record (its names, phones, addresses) is removed exactly; what only looks like a name, number or address by pattern.
 * Patterns cannot find a stranger's plain name; that is why even redacted text is read under scope and audited.
 */

/** What the vault knows of the person the text belongs to. */
export interface KnownDetails {
  readonly names: readonly string[];
  readonly numbers: readonly string[];
  readonly addresses: readonly string[];
}
export const NOTHING_KNOWN: KnownDetails = { names: [], numbers: [], addresses: [] };

const SURNAMES =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段焦巴谷车侯全班仰秋仲伊宫宁仇栾甘武符刘景詹束龙叶司黎薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥闻莘党翟谭贡劳逄姬申扶堵冉宰雍桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄东欧利师巩聂关荆肖覃';

const TAGGED_NAME = new RegExp(
  `((?:我是|我叫|姓名|患者|病人|家属|联系人|本人)[:：是叫为]?\\s*)([${SURNAMES}][\\p{Script=Han}]{1,2})(?=[，。,.；;、\\s（(：:]|$)`,
  'gu',
);
const TITLED_NAME = new RegExp(`[${SURNAMES}][\\p{Script=Han}]{0,2}(?=(?:先生|女士|小姐|阿姨|大爷|大妈|奶奶|爷爷|叔叔|同学|老人家))`, 'gu');
const ADDRESS =
  /(?:[\p{Script=Han}]{2,8}(?:省|自治区|特别行政区))?(?:[\p{Script=Han}]{2,6}[市州盟])?(?:[\p{Script=Han}]{1,6}[区县旗])?[\p{Script=Han}\d]{2,12}(?:街道|大街|路|街|巷|弄|胡同|村|小区|花园|公寓|新村)(?:\s*[\d一二三四五六七八九十]+(?:-\d+)?\s*(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|组))+/gu;
const NUMBERS: readonly [RegExp, string][] = [
  [/(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g, '[证件号]'],
  [/(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}(?!\d)/g, '[电话]'],
  [/(?<!\d)0\d{2,3}[-\s]?[2-9]\d{6,7}(?!\d)/g, '[电话]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[邮箱]'],
  [/(?<![A-Za-z0-9])(?:[EGDSPKHM]\d{8}(?:\d{2})?|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])/g, '[证件号]'],
  [/(?:微信|微信号|VX|vx|QQ|qq)[:：\s]*[A-Za-z0-9_-]{5,20}/g, '[账号]'],
  [/(?<![\d.])\d{7,}(?![\d.])/g, '[号码]'],
];

/** Shorter known values would empty ordinary words. */
const KNOWN_LENGTH_MIN = 2;

export function redact(text: string, known: KnownDetails = NOTHING_KNOWN): string {
  let clean = narrow(text);
  const exactly = (values: readonly string[], mark: string) => {
    for (const value of [...values].map((each) => narrow(each).trim()).sort((a, b) => b.length - a.length)) {
      if ([...value].length >= KNOWN_LENGTH_MIN) clean = replaceAll(clean, value, mark);
    }
  };
  exactly(known.addresses, '[地址]');
  exactly(known.names, '[姓名]');
  exactly(known.numbers.flatMap(spellings), '[号码]');
  for (const [pattern, mark] of NUMBERS) clean = clean.replace(pattern, mark);
  clean = clean.replace(ADDRESS, '[地址]');
  clean = clean.replace(TAGGED_NAME, '$1[姓名]');
  return clean.replace(TITLED_NAME, '[姓名]');
}

/** Full-width digits and letters to plain ones; punctuation stays as written. */
const narrow = (text: string): string => text.replace(/[０-９Ａ-Ｚａ-ｚ＋－＠]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0));

/** `+8613912345678` is written without its country code in running text. */
const spellings = (number: string): string[] => (number.startsWith('+86') ? [number, number.slice(3)] : [number]);

/** Whole words only for Latin names, so that "An" leaves "Ankle" alone. */
function replaceAll(text: string, value: string, mark: string): string {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isLatin = /^[\x20-\x7e]+$/.test(value);
  return text.replace(new RegExp(isLatin ? `(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])` : escaped, 'giu'), mark);
}
