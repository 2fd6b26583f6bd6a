/** How details of a person are shown (DOMAIN D2). Masked is the rule; who may see more is decided by the caller. */

const COMPOUND_SURNAMES = new Set(
  '欧阳 司马 上官 诸葛 司徒 东方 独孤 南宫 万俟 闻人 夏侯 皇甫 尉迟 公羊 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 公孙 仲孙 轩辕 令狐 钟离 宇文 长孙 慕容 鲜于 闾丘 司空 端木 百里 呼延 东郭 南门 羊舌 微生 拓跋'.split(
    ' ',
  ),
);

/** `张三丰` → `张*丰`, `张三` → `张*`, `欧阳修文` → `欧阳*文`, `Eve Everywoman` → `E*** E***`. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  if (characters.length === 0) return '';
  if (!/\p{Script=Han}/u.test(name)) {
    return name
      .trim()
      .split(/\s+/)
      .map((part) => `${[...part][0] ?? ''}***`)
      .join(' ');
  }
  const surname = COMPOUND_SURNAMES.has(characters.slice(0, 2).join('')) && characters.length > 2 ? 2 : 1;
  if (characters.length === surname) return `${characters.slice(0, 1).join('')}*`;
  if (characters.length === surname + 1) return `${characters.slice(0, surname).join('')}*`;
  return `${characters.slice(0, surname).join('')}${'*'.repeat(characters.length - surname - 1)}${characters.at(-1)}`;
}

/** First six and last four of eighteen; in lists first three and last four. Shorter numbers show their last two. */
export function maskNumber(number: string, where: 'detail' | 'list'): string {
  const lead = where === 'detail' ? 6 : 3;
  if (number.length < lead + 8) return `${'*'.repeat(Math.max(number.length - 2, 2))}${number.slice(-2)}`;
  return `${number.slice(0, lead)}${'*'.repeat(number.length - lead - 4)}${number.slice(-4)}`;
}

/** `+8613912345678` → `139****5678`; landlines and others keep their last four. */
export function maskPhone(number: string): string {
  const local = number.replace(/^\+86/, '');
  if (/^1\d{10}$/.test(local)) return `${local.slice(0, 3)}****${local.slice(-4)}`;
  return `${'*'.repeat(Math.max(local.length - 4, 3))}${local.slice(-4)}`;
}
