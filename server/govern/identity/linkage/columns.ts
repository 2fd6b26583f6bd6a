/** What each column means, by its name first and by its content where the name says nothing. */
import { readPhone, readResidentId } from '../identifiers.ts';
import { foldDate, foldSex } from './normalise.ts';

export const ROLES = [
  'record-id', 'given-name', 'surname', 'full-name', 'birth-date', 'sex', 'phone', 'id-number', 'mrn', 'insurance', 'postcode', 'street-number', 'address', 'address-2', 'city', 'state', 'birth-place',
  'occupation', 'email',
] as const; // biome-ignore format: one list, read at a glance
export type Role = (typeof ROLES)[number];
export type Columns = Partial<Record<Role, string>>;

export interface Table {
  readonly names: readonly string[];
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>;
  readonly length: number;
}

/** Columns named so hold the answer and are never evidence. */
const ANSWER = /^(?:cluster|entity|truth|true|label|match|golden|person|master)(?:_?(?:id|key|no|number))?$/;
/** Belongs to somebody else than the person of the row. */
const ANOTHER = /(?:guardian|contact|emergency|kin|mother|father|parent|doctor|监护|联系人|紧急|家属|家长|母亲|父亲|配偶|医生|医师|经办|录入)/;
const BY_NAME: readonly (readonly [Role, RegExp])[] = [
  ['record-id', /^(?:rec(?:ord)?_?id|u(?:nique_?)?id|row_?id|source_?id|id|记录号|记录编号|编号|序号|流水号)$/],
  [
    'mrn',
    /^(?:mrn|m_?r_?n(?:o|umber)?|medical_?record_?(?:id|no|number)|patient_?(?:id|no|number)|病案号|病历号|病人id|患者id|患者编号|病人编号|门诊号|住院号|就诊卡号|登记号)$/,
  ],
  ['insurance', /(?:insurance_?(?:id|no|number)|^yb_?(?:no|kh)$|医保(?:卡|编|个人编|参保)?号|社保(?:卡)?号|参保号)/],
  ['given-name', /^(?:given_?names?|first_?names?|f_?name|fore_?names?|名|名字)$/],
  ['surname', /^(?:surname|last_?name|l_?name|family_?names?|姓|姓氏)$/],
  ['full-name', /^(?:full_?name|name|patient_?name|(?:患者|病人|本人|客户|就诊人)?(?:姓名|名称))$/],
  ['birth-date', /^(?:dob|birth_?(?:date|day|dt)|date_?of_?birth|bday|出生(?:日期|年月日?|时间)|生日)$/],
  ['sex', /^(?:sex|gender|(?:患者|病人)?性别(?:名称|代码)?)$/],
  ['phone', /(?:phone|mobile|^tel|cell|手机|电话|联系方式)/],
  ['id-number', /(?:soc_?sec|ssn|national_?id|resident_?id|id_?(?:card|no|number)|identity|身份证|证件号)/],
  ['postcode', /(?:post_?code|postal|^zip|邮编|邮政编码)/],
  ['street-number', /(?:street_?(?:no|num|number)|house_?(?:no|num|number)|门牌)/],
  ['birth-place', /(?:birth_?place|place_?of_?birth|籍贯|出生地)/],
  ['state', /^(?:state|province|region|省|省份)$/],
  ['city', /^(?:suburb|city|town|locality|district|市|区县|城市|区)$/],
  ['address-2', /^(?:address|addr|street)_?(?:line_?)?2$/],
  ['address', /(?:^addr|^street|address|住址|地址|居住地)/],
  ['occupation', /(?:occupation|profession|^job|职业)/],
  ['email', /e_?mail|邮箱/],
];
const SAMPLE = 500;
const SHARE_MIN = 0.9;
const BY_CONTENT: readonly (readonly [Role, (value: string) => boolean])[] = [
  ['id-number', (value) => readResidentId(value, new Date('2100-01-01')) !== null],
  ['phone', (value) => readPhone(value)?.kind === 'mobile'],
  ['birth-date', (value) => /^(?:18|19|20)\d{6}$/.test(foldDate(value) ?? '')],
  ['sex', (value) => /\D/.test(value) && foldSex(value) !== null],
  ['email', (value) => /^[^@\s]+@[^@\s]+\.\w+$/.test(value)],
  ['full-name', (value) => /^\p{Script=Han}{2,4}$/u.test(value)],
];

const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** The first column that fits each role. The same column never serves twice; columns nobody recognises are no evidence. */
export function recogniseColumns(table: Table, given: Columns = {}): Columns {
  const found: Columns = { ...given };
  const used = new Set(Object.values(given));
  const take = (role: Role, name: string): void => {
    found[role] = name;
    used.add(name);
  };
  for (const [role, pattern] of BY_NAME) {
    const name = table.names.find((one) => !used.has(one) && !ANSWER.test(folded(one)) && !ANOTHER.test(folded(one)) && pattern.test(folded(one)));
    if (found[role] === undefined && name !== undefined) take(role, name);
  }
  for (const [role, fits] of BY_CONTENT) {
    if (found[role] !== undefined || (role === 'full-name' && found['surname'] !== undefined)) continue;
    const name = table.names.find(
      (one) => !used.has(one) && !ANSWER.test(folded(one)) && !ANOTHER.test(folded(one)) && shareOf(table.columns.get(one) ?? [], fits) >= SHARE_MIN,
    );
    if (name !== undefined) take(role, name);
  }
  return found;
}

function shareOf(values: readonly (string | null)[], fits: (value: string) => boolean): number {
  let [seen, fitting] = [0, 0];
  for (const value of values) {
    if (value === null || value.trim() === '') continue;
    if (fits(value.trim())) fitting++;
    if (++seen >= SAMPLE) break;
  }
  return seen === 0 ? 0 : fitting / seen;
}
