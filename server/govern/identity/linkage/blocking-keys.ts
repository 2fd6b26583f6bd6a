import type { LinkRecord } from './link-record.ts';

/** A key two records share when they are worth comparing. Rule and key are text; the key identifies and must be blinded before it is kept. */
export interface BlockingKey {
  readonly rule: 'id' | 'mrn' | 'insurance' | 'phone' | 'birth-surname' | 'sound-year' | 'birth-given' | 'name-district';
  readonly key: string;
}

export function blockingKeys(record: LinkRecord): BlockingKey[] {
  const keys: BlockingKey[] = [];
  const add = (rule: BlockingKey['rule'], ...parts: readonly (string | null | undefined)[]): void => {
    for (const part of parts) if (part === null || part === undefined || part === '') return;
    const key = parts.join('|');
    if (!keys.some((each) => each.rule === rule && each.key === key)) keys.push({ rule, key });
  };
  for (const [type, value] of record.ids) add('id', type, value);
  for (const { value } of record.brokenIds) add('id', 'resident-id', value);
  for (const value of record.mrns) add('mrn', value);
  for (const value of record.insurances) add('insurance', value);
  for (const { word } of record.phones) add('phone', word.value);
  if (record.isUnnamed) return keys;
  const birth = record.birth?.value;
  for (const { surname, given } of record.names) {
    if (birth?.length === 8) {
      add('birth-surname', birth, surname?.softSound || surname?.sound);
      add('birth-given', birth, given?.softSound || given?.sound);
    }
    add('sound-year', surname?.sound, given?.sound, birth?.slice(0, 4));
    for (const { address } of record.addresses) add('name-district', surname?.value, given?.value, address?.district);
  }
  return keys;
}
