/**
 * Details and texts of a chunk as the vault keeps them. Keys are made and used before the transaction that writes: one nothing is sealed with
 * yet harms nobody, and one destroyed meanwhile is noticed by `writeVault`.
 */
import { invariant } from '../../kernel/index.ts';
import type { Platform } from '../../platform/index.ts';
import { packState } from '../privacy/person-state.ts';
import type { breather } from './breathe.ts';
import type { Chunk } from './chunk.ts';
import type { Decisions } from './decide.ts';
import type { TextRow, VaultPast, VaultRow } from './write-chunk.sql.ts';

export interface SealedVault {
  /** Whose keys were used. */
  readonly subjects: readonly string[];
  readonly records: readonly VaultRow[];
  readonly pasts: readonly VaultPast[];
  readonly texts: readonly TextRow[];
}

export async function sealVault({ db, keys }: Platform, chunk: Chunk, decisions: Decisions, breathe: ReturnType<typeof breather>): Promise<SealedVault> {
  const words = [...chunk.texts.values()];
  const subjects = [...new Set([...decisions.persons.map((each) => each.recordKey), ...words.map((each) => each.recordKey ?? each.textId)])];
  const subjectKeys = subjects.length === 0 ? new Map<string, Buffer>() : await keys.subjectKeys(db, subjects, true);
  const sealFor = async (subject: string, plain: Buffer): Promise<Buffer> => {
    const key = subjectKeys.get(subject);
    invariant(key !== undefined, 'a key asked for with create is there');
    await breathe();
    return keys.seal(key, plain);
  };
  const records: VaultRow[] = [];
  for (const { recordKey, campusId, state, hasPhone } of decisions.persons) {
    records.push({
      ...{ recordKey, campusId, hasPhone, revision: state.revision, sealed: await sealFor(recordKey, packState(state)) },
      birthMonth: state.birthDate?.[1]?.slice(0, 7) ?? null,
      sex: state.sex?.[1] ?? 'unknown',
      isDeceased: state.deceased?.[1] ?? false,
    });
  }
  const pasts: VaultPast[] = [];
  for (const { recordKey, state, until } of decisions.pasts) {
    pasts.push({ recordKey, until, revision: state.revision, sealed: await sealFor(recordKey, packState(state)) });
  }
  const texts: TextRow[] = [];
  for (const { textId, recordKey, text, occurredAt } of words) {
    texts.push({ textId, recordKey, occurredAt, sealed: await sealFor(recordKey ?? textId, Buffer.from(text, 'utf8')) });
  }
  return { subjects, records, pasts, texts };
}
