/** `12.5`, `1,234.00`, `-3`, `￥8.00` in yuan → integer fen, exactly. Null when it is no amount or has more than two significant decimals. */
export function fenOf(text: string): number | null {
  const found = /^([+-]?)[￥¥]?(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?$/.exec(
    text
      .trim()
      .replace(/\s*(元|CNY|RMB)$/i, '')
      .replace(/^([￥¥])([+-])/, '$2$1'),
  );
  if (found === null || (found[2] === undefined && found[3] === undefined)) return null;
  const decimals = (found[3] ?? '').replace(/0+$/, '');
  if (decimals.length > 2) return null;
  const fen = Number((found[2] ?? '0').replaceAll(',', '')) * 100 + Number(decimals.padEnd(2, '0') || 0);
  if (!Number.isSafeInteger(fen)) return null;
  return found[1] === '-' && fen !== 0 ? -fen : fen;
}
