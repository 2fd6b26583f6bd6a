import pg from 'pg';
import { invariant } from '../../kernel/index.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const DATE_ARRAY = 1182;
const TIMESTAMP = 1114;

const toSafeInteger = (text: string): number => {
  const value = Number(text);
  invariant(Number.isSafeInteger(value), 'an int8 read as a number lies within 2^53');
  return value;
};
/** text[]; the driver's own list of type numbers has no arrays. */
const parseTextArray = pg.types.getTypeParser(1009 as never, 'text') as (text: string) => (string | null)[];

/**
 * How values arrive, in one place: int8 as number, date as `YYYY-MM-DD`, timestamptz as Date, uuid as text, bytea as Buffer,
 * json and jsonb parsed, numeric as text (exact; cast to float8 or bigint in the query when a number is wanted).
 */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return toSafeInteger;
    if (oid === DATE || oid === TIMESTAMP) return (text: string) => text;
    if (oid === DATE_ARRAY) return parseTextArray;
    if (oid === INT8_ARRAY) return (text: string) => parseTextArray(text).map((each) => (each === null ? null : toSafeInteger(each)));
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};
