/**
 * Compact frequency tables, drawn up from general knowledge of how people in China are called. Shares are rough; the shape is what matters:
 * a few surnames cover most people, given names follow their time.
 */

/** The commonest surnames with their share of people, per ten thousand. The rest of the mass goes to `RARE_SURNAMES`. */
export const SURNAMES: readonly (readonly [surname: string, share: number])[] = parse(
  '王 716 李 708 张 673 刘 511 陈 476 杨 302 黄 225 赵 203 吴 201 周 189 徐 150 孙 147 马 124 朱 121 胡 119 郭 114 何 108 林 105 高 102 罗 97 ' +
    '郑 93 梁 85 谢 78 宋 73 唐 69 许 66 韩 63 邓 61 冯 60 曹 58 彭 57 曾 56 肖 55 田 54 董 53 潘 52 袁 51 蔡 50 蒋 49 余 48 于 47 杜 46 叶 45 程 44 ' +
    '魏 43 苏 42 吕 41 丁 40 任 39 卢 38 姚 37 沈 36 钟 35 姜 34 崔 33 谭 32 陆 31 范 30 汪 29 廖 28 石 28 金 27 韦 26 贾 26 夏 25 付 25 方 24 邹 24 ' +
    '熊 23 白 23 孟 22 秦 22 邱 21 侯 21 江 20 尹 20 薛 19 闫 19 段 18 雷 18 龙 17 黎 17 史 16 陶 16 贺 15 毛 15 郝 14 顾 14 龚 13 邵 13 万 12 覃 12 武 11 钱 11 戴 10 严 10',
);
export const RARE_SURNAMES = [
  ...'莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳',
];
export const COMPOUND_SURNAMES = ['欧阳', '上官', '司徒', '诸葛', '司马', '皇甫', '慕容', '尉迟', '令狐', '夏侯'];

/** Characters of given names by time of birth and sex, commonest first; drawn with a falling weight. */
export interface GivenTable {
  /** Last year of birth it holds for. */
  readonly until: number;
  /** Share of given names with one character. */
  readonly single: number;
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly alone: readonly string[];
}
const table = (until: number, single: number, first: string, second: string, alone: string): GivenTable => ({
  until,
  single,
  first: [...first],
  second: [...second],
  alone: [...alone],
});

export const MALE: readonly GivenTable[] = [
  table(1954, 0.14, '国德明文志玉金福万永正长世树洪家荣忠春士', '华山海林生明祥福德清才贵发元全武义良根堂', '忠福林祥贵和兴仁'),
  table(1969, 0.12, '建国志永卫红文明新东春光家学金少军立振福', '国军华平民明强林东生忠义海文新才斌成伟荣', '军平明强勇刚忠林斌'),
  table(1982, 0.26, '志建海文小晓俊永国卫东玉洪立宏庆树少春振', '军伟强勇华明辉东平波峰涛斌林刚民兵杰海松', '伟军勇强涛磊刚斌波辉峰超杰鹏'),
  table(1994, 0.3, '志俊文海晓小建家浩振鹏国明嘉伟少永天宇世', '伟强杰涛鹏辉超斌磊峰飞龙亮波宇凯华明健东', '伟磊鹏超杰涛浩凯宇俊亮健飞龙帅'),
  table(2006, 0.24, '俊子嘉浩文宇志天家振泽明佳思博睿世鑫海晨', '杰豪宇轩涛浩鑫龙辉铭航伟阳凯鹏博强晨旭毅', '浩鑫宇杰涛凯昊旭轩阳磊博'),
  table(2100, 0.07, '梓子浩宇俊一奕泽嘉沐亦宸皓铭思睿晨承景明', '轩泽宇辰涵睿阳豪宸熙然博航霖杰诺言安哲恒', '睿宸诺辰轩昊沐'),
];
export const FEMALE: readonly GivenTable[] = [
  table(1954, 0.1, '秀桂玉淑凤素金美翠兰爱月春惠瑞莲菊香云彩', '英兰珍芳华珠莲香梅花荣云琴清芝贞凤娥仙妹', '英珍兰芳梅莲'),
  table(1969, 0.1, '秀玉桂淑丽红爱建美凤春小金惠燕海素雪月亚', '英兰珍芳华萍梅红玲琴霞荣云敏平芬香莲凤娟', '萍芳敏红霞梅玲燕'),
  table(1982, 0.26, '丽晓小海艳红玉春雪美秀慧燕建淑亚文金爱志', '丽霞娟敏红芳燕萍玲华英静梅艳琴云梅娜莉琳', '丽敏静艳娟霞燕芳红玲娜莉'),
  table(1994, 0.3, '婷丽雪晓小海思佳文玉慧美静春艳梦莹秋红雅', '婷丽娜静敏燕霞莹玲雪芳娟慧萍琴洁琳云花梅', '婷静丽娜敏雪莹颖倩洁丹琳'),
  table(2006, 0.2, '思欣雨佳梦嘉雅文静诗婉怡子晓可美若心紫芷', '怡婷欣雨琪萱涵颖琳雯慧瑶彤妍洁文晴宁然静', '婷颖欣雨怡悦瑶雪琪'),
  table(2100, 0.06, '梓子欣雨诗若一语可沐芷思依艺心佳奕清书嘉', '涵萱彤怡琪妍瑶欣桐汐诺宁菲馨悦萌玥然晗熙', '涵汐玥诺桐悦妍'),
];

/** Names of minorities are written with `·` between the parts. Given part, then father's name. */
export const DOTTED_MALE = ['买买提', '阿卜杜拉', '艾合买提', '吐尔逊', '努尔兰', '叶尔肯', '巴特尔', '玉素甫', '卡德尔', '库尔班'];
export const DOTTED_FEMALE = ['阿依古丽', '古丽娜尔', '帕提古丽', '热孜万', '阿依努尔', '茹仙古丽', '迪丽努尔', '萨拉买提', '阿依达娜', '玛依拉'];
/** Longer names without a dot: Tibetan, Mongolian. */
export const LONG_MALE = ['扎西次仁', '多吉才让', '格桑旺堆', '那顺巴雅尔', '苏和巴图'];
export const LONG_FEMALE = ['卓玛拉姆', '次仁央宗', '德吉白珍', '乌云其木格', '萨仁高娃'];

export const FOREIGN: readonly (readonly [name: string, country: string, male: boolean])[] = [
  ['MARTIN KOVAC', 'HRV', true],
  ['ANNA LINDQVIST', 'SWE', false],
  ['KENJI MORITA', 'JPN', true],
  ['PRIYA RAMAN', 'IND', false],
  ['DAVID OYELARAN', 'NGA', true],
  ['MINJI SEO', 'KOR', false],
  ['LUCAS FERREIRA', 'BRA', true],
  ['SOFIA PETROVA', 'RUS', false],
  ['OMAR HADDAD', 'JOR', true],
  ['CLAIRE DUBREUIL', 'FRA', false],
];

/** Traditional form of simplified characters that occur in names: what a Hong Kong or Taiwan document, or an old card, shows. */
export const TRADITIONAL = pairs(
  '张張刘劉陈陳杨楊黄黃赵趙吴吳孙孫马馬郑鄭谢謝许許韩韓邓鄧冯馮萧蕭叶葉苏蘇吕呂卢盧钟鐘谭譚陆陸范範贾賈邹鄒韦韋龙龍钱錢严嚴华華国國丽麗伟偉强強军軍杰傑辉輝兰蘭凤鳳红紅玲玲芬芬云雲静靜' +
    '梦夢诗詩语語书書晓曉志誌泽澤鹏鵬飞飛亮亮东東铭銘轩軒浩浩贵貴庆慶兴興荣榮义義万萬实實宝寶颖穎莹瑩娇嬌艳豔',
);
/** Same sound, other character. */
export const HOMOPHONES = pairs(
  '伟玮玮炜丽莉莉丽婷亭静靖靖静芳方敏闽涛韬浩皓皓浩宇雨雨宇杰洁洁杰辉晖晖辉强蔷华桦英瑛瑛英玲铃铃玲萍平平萍娟鹃俊峻峻俊明铭铭明轩萱萱轩涵晗晗涵子梓梓子欣心心欣怡仪佳嘉嘉佳建健健建文雯雯文波博张章章张陈程程陈李黎黎李余于于余徐许',
);
/** Looks alike, typed for one another. */
export const LOOKALIKES = pairs(
  '末未未末士土土士己已日曰曰日人入入人王玉玉王天夫夫天千干干千大太太大田由由田申甲甲申晴睛晴清清晴洪淇梅海海梅宇字杨扬扬杨林材枚枝陈阵志忘桂挂淑椒红虹虹红莹萤荣莱辰展浩洁',
);

function parse(text: string): (readonly [string, number])[] {
  const words = text.split(' ');
  return Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i] as string, Number(words[2 * i + 1])] as const);
}
function pairs(text: string): ReadonlyMap<string, string> {
  const characters = [...text];
  return new Map(Array.from({ length: Math.floor(characters.length / 2) }, (_, i) => [characters[2 * i] as string, characters[2 * i + 1] as string]));
}
