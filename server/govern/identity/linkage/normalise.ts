/** How values are written before they are compared. Pinyin and the table of traditional characters are loaded only when Chinese text is met. */
import { readPhone, readResidentId } from '../identifiers.ts';

export interface Chinese {
  simplify(text: string): string;
  /** Syllables without tones; the first characters of a name are read as a surname (单 shàn, 仇 qiú). */
  pinyin(name: string): string[];
  /** Every reading of one character, without tones, the commonest first. */
  readings(character: string): readonly string[];
}

let loaded: Promise<Chinese> | undefined;
export const loadChinese = (): Promise<Chinese> => {
  loaded ??= Promise.all([import('opencc-js/t2cn'), import('pinyin-pro')]).then(([opencc, reading]) => {
    const known = new Map<string, readonly string[]>();
    return {
      simplify: opencc.Converter({ from: 't', to: 'cn' }),
      pinyin: (name) => reading.pinyin(name, { toneType: 'none', type: 'array', v: true, surname: 'head' }),
      readings: (character) => {
        let readings = known.get(character);
        if (readings === undefined) {
          readings = [...new Set(reading.pinyin(character, { toneType: 'none', type: 'array', v: true, multiple: true }))];
          known.set(character, readings);
        }
        return readings;
      },
    };
  });
  return loaded;
};

export const HAN = /\p{Script=Han}/u;
const NOTHING = new Set(
  ['', '-', '--', '.', '?', 'null', 'nil', 'nan', 'none', 'n/a', 'na n', 'unknown', 'unk', 'not known', '无', '不详', '未知', '未填', '空', '无名氏'].map(
    String,
  ),
);

/** Characters of the main block are their own NFKC form. */
const PLAIN_HAN = /^[\u4e00-\u9fff]+$/;
/** What systems put in place of a character they have no code for, beside a Chinese character: `?`, `*`, geta marks, codes of private use. */
const UNWRITABLE = /(?<=[\p{Script=Han}□])[?*■〓\uFFFD\p{Co}]|[?*■〓\uFFFD\p{Co}](?=\p{Script=Han})/gu;

/** Width, case, accents, invisible characters and punctuation folded; null for what stands for nothing. */
export function foldText(raw: string | null, chinese: Chinese | null): string | null {
  if (raw === null) return null;
  let text = raw;
  if (PLAIN_HAN.test(text)) {
    if (NOTHING.has(text)) return null;
    return chinese === null ? text : chinese.simplify(text);
  }
  if (!/^[a-z0-9 ]*$/.test(text)) {
    text = text.normalize('NFKC').toLowerCase();
    if (NOTHING.has(text.trim())) return null;
    text = text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .normalize('NFC')
      .replace(/[\u200b-\u200d\ufeff'’‘′`]/g, '')
      .replace(UNWRITABLE, '□')
      .replace(/[^\p{L}\p{N}□]+/gu, ' ');
  }
  text = text.replace(/ +/g, ' ').trim();
  if (NOTHING.has(text)) return null;
  if (!HAN.test(text)) return text;
  text = text.replace(/(?<=[\p{Script=Han}□]) | (?=[\p{Script=Han}□])/gu, '');
  return chinese === null ? text : chinese.simplify(text);
}

const COMPOUND = new Set(
  (
    '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 ' +
    '子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五'
  ).split(' '),
);

export interface NameParts {
  readonly given: string | null;
  readonly surname: string | null;
  /** What stands between: `wally [john] bryant`. */
  readonly middle: string | null;
}

/** A folded full name taken apart. Chinese: compound surnames known, the rest is given. Latin: last word is the surname unless the raw name has a comma. */
export function splitName(folded: string, raw: string): NameParts {
  if (HAN.test(folded) && !folded.includes(' ')) {
    const characters = [...folded];
    const cut = characters.length > 2 && COMPOUND.has(characters.slice(0, 2).join('')) ? 2 : 1;
    return { surname: characters.slice(0, cut).join(''), given: characters.slice(cut).join('') || null, middle: null };
  }
  const words = folded.split(' ');
  // `Bryant, John` and HL7's `WANG^XIAOMING` begin with the family name.
  const comma = raw.search(/[,^]/);
  if (comma > 0 && words.length > 1) {
    const surnameWords = raw.slice(0, comma).trim().split(/\s+/).length;
    return { surname: words.slice(0, surnameWords).join(' '), given: words[surnameWords] ?? null, middle: words.slice(surnameWords + 1).join(' ') || null };
  }
  if (words.length === 1) return { given: folded, surname: null, middle: null };
  return { given: words[0] ?? null, surname: words.at(-1) ?? null, middle: words.slice(1, -1).join(' ') || null };
}

const pad = (part: string | undefined, length: number): string => (part ?? '').padStart(length, '0');

/** A date as eight digits `YYYYMMDD`, also when no calendar has it (typing errors are evidence); null when it is not shaped like a date. */
export function foldDate(raw: string | null): string | null {
  if (raw === null) return null;
  const text = raw.normalize('NFKC').trim();
  if (/^0*$/.test(text)) return null;
  const eight = /^(\d{4})(\d{2})(\d{2})(?:\D|$)/.exec(text);
  if (eight !== null) return `${eight[1]}${eight[2]}${eight[3]}`;
  const yearFirst = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})/.exec(text);
  if (yearFirst !== null) return yearFirst[1] + pad(yearFirst[2], 2) + pad(yearFirst[3], 2);
  const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})/.exec(text);
  if (yearLast === null) return null;
  // Day first unless only the other order is a date: either way a swap stays within one level of the comparison.
  const [first, second] = [pad(yearLast[1], 2), pad(yearLast[2], 2)];
  return Number(second) > 12 ? yearLast[3] + first + second : yearLast[3] + second + first;
}

const FEMALE = /^(?:f|female|w|woman|女|女性|2)$/;
const MALE = /^(?:m|male|man|男|男性|1)$/;
export const foldSex = (raw: string | null): string | null => {
  const text = raw?.normalize('NFKC').trim().toLowerCase() ?? '';
  return FEMALE.test(text) ? 'f' : MALE.test(text) ? 'm' : null;
};

/** Letters and digits only, upper case; a resident id in its 18 characters. */
export function foldCode(raw: string | null, today: Date): string | null {
  if (raw === null) return null;
  const code = raw
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
  if (code === '' || /^0+$/.test(code) || NOTHING.has(code.toLowerCase())) return null;
  return (/^(?:\d{15}|\d{17}[\dX])$/.test(code) && readResidentId(code, today)?.id) || code;
}

export const foldPhone = (raw: string | null): string | null => (raw === null ? null : (readPhone(raw)?.number ?? null));

/** Sounds many speakers do not tell apart become one: zh/z, ch/c, sh/s, l/n, -ng/-n. */
export const soften = (syllable: string): string =>
  syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/^l/, 'n')
    .replace(/ng$/, 'n');

/** Sound of a Latin word: first letter, then consonant groups, vowels and repeats dropped; six characters at most. */
export function soundOf(word: string): string {
  const groups: Record<string, string> = {
    b: '1',
    p: '1',
    f: '1',
    v: '1',
    c: '2',
    g: '2',
    j: '2',
    k: '2',
    q: '2',
    s: '2',
    x: '2',
    z: '2',
    d: '3',
    t: '3',
    l: '4',
    m: '5',
    n: '5',
    r: '6',
  };
  let sound = word[0] ?? '';
  let last = groups[sound] ?? '';
  for (const letter of word.slice(1)) {
    const group = groups[letter] ?? '';
    if (group !== '' && group !== last) sound += group;
    if (letter !== 'h' && letter !== 'w') last = group;
    if (sound.length >= 6) break;
  }
  return sound;
}
