/** For tests: statements of which only the telling part need be given, and a `collect` that reads them from JSON. Everyone in them is invented. */
import type { Canonical, PersonDetails, RawRecord, Reading, SourceId } from '@xinglin/contracts';
import type { Collect } from '../../collect/index.ts';

/** Bodies are readings already. */
export const plainCollect = {
  async read(record: RawRecord): Promise<Reading> {
    const body = JSON.parse(Buffer.from(record.body).toString('utf8')) as Reading & { broken?: boolean };
    if (body.broken === true) throw new Error('cannot be read');
    return body;
  },
} as unknown as Collect;

export const noDetails: PersonDetails = {
  ...{ names: [], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'unknown', insuranceType: null },
  ...{ deceased: false, guardian: null, nickname: null },
};
export const mrn = (value: string, system = 'HIS'): SourceId => ({ type: 'mrn', system, value });

let serial = 0;
type Given = Partial<Canonical> & Pick<Canonical, 'fact'>;
/** A statement of which only the telling part need be given. */
export const canonical = (given: Given): Canonical => {
  serial += 1;
  return {
    ...{ subject: mrn('P1'), localId: `local-${serial}`, encounterLocalId: null, occurredAt: '2026-01-05T00:00:00Z', precision: 'second' },
    ...{ versionAt: null, deleted: false, values: {}, text: null, person: null },
    ...given,
  };
};
export const person = (subject: SourceId, details: Partial<PersonDetails>, more: Partial<Canonical> = {}): Canonical =>
  canonical({ fact: 'person_record', subject, localId: subject.value, person: { ...noDetails, identifiers: [subject], ...details }, ...more });
export const visit = (localId: string, values: Canonical['values'], more: Partial<Canonical> = {}): Canonical =>
  canonical({ fact: 'encounter', localId, encounterLocalId: localId, values, ...more });
