/**
 * For benchmarks: a register of any size written straight into the tables arriving records fill one by one, and the two questions asked of it:
 * who is this (`$match`), and to whom does this new record belong. What is measured is the code that runs in service.
 */
import type { PersonDetails } from '@xinglin/contracts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { blindDetails } from '../privacy/blind.ts';
import { mergeStatement, packState } from '../privacy/person-state.ts';
import { type Found, findPersons } from './find-person.ts';
import { linkRecords } from './link-records.ts';
import { generalModel } from './linkage/index.ts';
import { createMatcher, isNumber, type Matcher } from './matcher.ts';
import { identityEngine } from './resolve.ts';

export interface OnlineRegister {
  /** One record and one person each; indexes are made at the end. Returns the person ids, in the order given. */
  fill(people: readonly PersonDetails[]): Promise<string[]>;
  /** Makes the indexes `fill` left out and lets PostgreSQL look at its tables. */
  settle(): Promise<void>;
  find(details: PersonDetails): Promise<Found>;
  /** A new record is written and linked; milliseconds of the linking alone, and the person it came to. */
  arrive(details: PersonDetails): Promise<{ ms: number; personId: string }>;
}

const INDEXES = [
  ['match_key_blind', 'create index match_key_blind on govern.match_key (blind)'],
  ['match_key_record', 'create index match_key_record on govern.match_key (record_key)'],
  ['record_identifier_blind', 'create index record_identifier_blind on govern.record_identifier (blind)'],
] as const;

export async function measureOnline(platform: Platform): Promise<OnlineRegister> {
  const { db, clock } = platform;
  const matcher = await createMatcher(platform, generalModel);
  for (const [name] of INDEXES) await db.query(`drop index govern.${name}`);
  return {
    fill: (people) => db.tx((tx) => write(tx, platform, matcher, people, true)).then((written) => written.map((each) => each.personId)),
    async settle() {
      for (const [, statement] of INDEXES) await db.query(statement);
      await db.query('vacuum analyze');
    },
    find: (details) => findPersons(db, matcher, details),
    arrive: (details) =>
      db.tx(async (tx) => {
        const [record] = await write(tx, platform, matcher, [details], false);
        const recordKey = record?.recordKey ?? '';
        const started = performance.now();
        const context = { engine: identityEngine, matcher, orgId: platform.config.orgId, turn: 1, now: clock.now() };
        await linkRecords(tx, { records: new Set([recordKey]), identifiers: [], described: [recordKey] }, context);
        const ms = performance.now() - started;
        const { person_id: personId } = await tx.one<{ person_id: string }>('select person_id from govern.link where record_key = $1', [recordKey]);
        return { ms, personId };
      }),
  };
}

/** `isWhole`: with the person, the link and the keys that linking would make. */
async function write(
  tx: Tx,
  { keys, clock, config }: Platform,
  matcher: Matcher,
  people: readonly PersonDetails[],
  isWhole: boolean,
): Promise<{ recordKey: string; personId: string }[]> {
  const now = clock.now();
  const { orgId, campusId } = config;
  const rows = people.map((details) => ({ details, recordKey: uuidv7(now.getTime()), personId: uuidv7(now.getTime()) }));
  const subjectKeys = await keys.subjectKeys(
    tx,
    rows.map((row) => row.recordKey),
    true,
  );
  const sealed = (recordKey: string, details: PersonDetails): Buffer => {
    const statement = { stamp: [now.getTime() * 1000, 1] as const, occurredAt: now.getTime() * 1000, precision: 'second' as const, isDeleted: false };
    return keys.seal(subjectKeys.get(recordKey) as Buffer, packState(mergeStatement(null, { ...statement, details, isDeceased: null })));
  };
  await tx.copyIn(
    'govern.record',
    ['record_key', 'org_id', 'campus_id', 'source', 'id_type', 'first_seen_at', 'generation'],
    rows.map((row) => [row.recordKey, orgId, campusId, 'his', 'mrn', now, 0]),
  );
  await tx.copyIn(
    'govern.vault_record',
    ['record_key', 'org_id', 'campus_id', 'revision', 'sealed', 'birth_month', 'sex', 'has_phone', 'is_deceased', 'generation'],
    rows.map((row) => [row.recordKey, orgId, campusId, 1, sealed(row.recordKey, row.details), null, row.details.sex, true, false, 0]),
  );
  await tx.copyIn(
    'govern.record_identifier',
    ['record_key', 'type', 'blind', 'is_evidence', 'is_suspect'],
    rows.flatMap((row) =>
      blindDetails(keys, row.details, now).identifiers.map((each) => [row.recordKey, each.type, each.blind, each.isEvidence, each.isSuspect]),
    ),
  );
  if (!isWhole) return rows;
  await tx.copyIn(
    'govern.person',
    ['person_id', 'org_id', 'created_at'],
    rows.map((row) => [row.personId, orgId, now]),
  );
  await tx.copyIn(
    'govern.link',
    ['record_key', 'person_id', 'linked_by', 'since', 'since_turn'],
    rows.map((row) => [row.recordKey, row.personId, 'single', now, 0]),
  );
  await tx.copyIn(
    'govern.match_key',
    ['rule', 'blind', 'record_key'],
    rows.flatMap((row) => matcher.keysOf(matcher.describe(row.details)).flatMap((key) => (isNumber(key.rule) ? [] : [[key.rule, key.blind, row.recordKey]]))),
  );
  return rows;
}
