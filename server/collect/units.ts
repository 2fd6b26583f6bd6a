/** Units as sources write them → UCUM where it is known, else the writing itself made ASCII. */
import { Memo } from '../kernel/index.ts';
import { token } from './statement.ts';

const KNOWN: Readonly<Record<string, string>> = {
  mmhg: 'mm[Hg]',
  'mm[hg]': 'mm[Hg]',
  毫米汞柱: 'mm[Hg]',
  '℃': 'Cel',
  '°c': 'Cel',
  cel: 'Cel',
  摄氏度: 'Cel',
  '次/分': '/min',
  '次/分钟': '/min',
  bpm: '/min',
  'beats/min': '/min',
  'beats/minute': '/min',
  '{beats}/min': '/min',
  '/min': '/min',
  umoll: 'umol/L',
  'umol/l': 'umol/L',
  mmoll: 'mmol/L',
  'mmol/l': 'mmol/L',
  'mg/dl': 'mg/dL',
  'g/dl': 'g/dL',
  'g/l': 'g/L',
  'mg/l': 'mg/L',
  'ug/l': 'ug/L',
  'ng/ml': 'ng/mL',
  'pg/ml': 'pg/mL',
  'u/l': 'U/L',
  'iu/l': '[IU]/L',
  'iu/ml': '[IU]/mL',
  'miu/l': 'm[IU]/L',
  '10^9/l': '10*9/L',
  '10*9/l': '10*9/L',
  'x10^9/l': '10*9/L',
  '10^12/l': '10*12/L',
  '10*12/l': '10*12/L',
  'x10^12/l': '10*12/L',
  'giga.l-1': '10*9/L',
  'tera.l-1': '10*12/L',
  '%': '%',
  kg: 'kg',
  cm: 'cm',
  'kg/m2': 'kg/m2',
  'kg/m^2': 'kg/m2',
  fl: 'fL',
  pg: 'pg',
  s: 's',
  秒: 's',
  ml: 'mL',
  'ml/min': 'mL/min',
};

/** Null when empty. `μmol/L`, `×10⁹/L` and `mmoll` become `umol/L`, `10*9/L` and `mmol/L`. */
export const unitOf = (text: string): string | null => (text === '' ? null : units.of(text));
const units = new Memo(2_000, (text: string) => {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/[μµ]/g, 'u')
    .replace(/[×✕]/g, 'x')
    .replace(/x10(9|12)\/L/i, 'x10^$1/L');
  if (plain === '') return null;
  return KNOWN[plain.toLowerCase().replace(/\s+/g, '')] ?? token(plain);
});
