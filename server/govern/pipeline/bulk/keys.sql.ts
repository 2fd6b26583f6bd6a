/**
 * The platform's keys composed in DuckDB, so that millions of keys are made where the rows are, off the event loop.
 *
 * `platform.keys.pseudonym` is HMAC(k, m) = H(outer ‖ H(inner ‖ m)), with m the parts as netstrings (`3:his`), cut to 128 bits and written as a UUID.
 * The pads are the key: they are bound as parameters of tables in an engine that lives in memory and cannot spill, and never appear in SQL text.
 */

/** `$inner` and `$outer` name columns of type blob in scope. `parts` are constant texts first, then varchar expressions. */
export function pseudonymSql(
  constants: readonly string[],
  expressions: readonly string[],
  pads = { inner: 'pads.inner_pad', outer: 'pads.outer_pad' },
): string {
  const fixed = constants.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
  const message = [quoted(fixed), ...expressions.map((x) => `strlen(${x}) || ':' || ${x}`)].join(' || ');
  const digest = `sha256(${pads.outer} || unhex(sha256(${pads.inner} || encode(${message}))))`;
  return uuidSql(digest);
}

/** `platform.keys.numberKeys(…).of` of a varchar expression. `secret` names a column of type blob in scope. */
export const numberKeySql = (x: string, secret: string): string => uuidSql(`sha256(${secret} || encode(${x}))`);

/** Its first half. A text takes longer to cast than bytes. */
const uuidSql = (hex: string): string => `cast(unhex(left(${hex}, 32)) as uuid)`;

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
