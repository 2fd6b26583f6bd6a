/** Editions of the model, who decided about them, and which is in use. An edition never changes; going back is using an older one again. */
import { createHash } from 'node:crypto';
import type { Keys, Queryable, Tx } from '../../../platform/index.ts';
import { generalModel, type LinkModel } from '../linkage/index.ts';
import { refuse } from './errors.ts';
import { openShares, sealShares } from './shares.ts';

export type ModelState = 'waiting' | 'approved' | 'rejected';
export interface ModelRow {
  readonly edition: string;
  readonly base: string | null;
  readonly trained_count: number;
  readonly created_by: string | null;
  readonly created_at: Date | null;
  readonly state: ModelState;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
}
export interface ModelUse {
  readonly edition: string;
  readonly before: string;
  readonly used_by: string;
  readonly used_at: Date;
}

/** Ships with the product and is approved by being shipped. */
const GENERAL: ModelRow = {
  ...{ edition: generalModel.edition, base: null, trained_count: 0, created_by: null, created_at: null },
  ...{ state: 'approved', decided_by: null, decided_at: null },
};

/** Newest first; the one shipped is the last. */
export async function listModels(q: Queryable): Promise<ModelRow[]> {
  const rows = await q.query<ModelRow>(
    `select edition, base, trained_count, created_by, created_at, state, decided_by, decided_at
     from govern.link_model order by number desc`,
  );
  return [...rows, GENERAL];
}

export async function findModel(q: Queryable, edition: string): Promise<ModelRow> {
  const found = (await listModels(q)).find((row) => row.edition === edition);
  if (found === undefined) throw refuse('unknown', { edition });
  return found;
}

/** As it is stored: names under keyed hashes. */
export async function storedModel(q: Queryable, edition: string): Promise<LinkModel> {
  if (edition === generalModel.edition) return generalModel;
  const row = await q.maybe<{ parameters: LinkModel }>('select parameters from govern.link_model where edition = $1', [edition]);
  if (row === undefined) throw refuse('unknown', { edition });
  return row.parameters;
}

/** Editions never change, so an opened one may be kept. Two: the one in use and the one somebody looks at. */
const opened = new WeakMap<Keys, Map<string, LinkModel>>();
const OPENED_MAX = 4;

/** Ready to compare with. */
export async function openModel(q: Queryable, keys: Keys, edition: string): Promise<LinkModel> {
  const known = opened.get(keys) ?? new Map<string, LinkModel>();
  opened.set(keys, known);
  const model = known.get(edition) ?? (edition === generalModel.edition ? generalModel : openShares(await storedModel(q, edition), keys));
  if (known.size >= OPENED_MAX) known.clear();
  known.set(edition, model);
  return model;
}

/** The edition in use; `general@1` until somebody puts another to use. */
export async function editionInUse(q: Queryable): Promise<string> {
  const row = await q.maybe<{ edition: string }>('select edition from govern.link_model_use order by use_number desc limit 1');
  return row?.edition ?? generalModel.edition;
}

/** The model in use, ready to compare with. Cheap: one small query, the model itself is kept. */
export const modelInUse = async (q: Queryable, keys: Keys): Promise<LinkModel> => openModel(q, keys, await editionInUse(q));

/** Newest first. */
export const listUses = (q: Queryable, limit: number): Promise<ModelUse[]> =>
  q.query('select edition, before, used_by, used_at from govern.link_model_use order by use_number desc limit $1', [limit]);

export interface NewModel {
  readonly orgId: string;
  readonly base: string;
  readonly model: LinkModel;
  readonly by: string;
  readonly at: Date;
}
/** Stores a trained model as the next edition, waiting for approval. Its name is given here. */
export async function addModel(tx: Tx, keys: Keys, { orgId, base, model, by, at }: NewModel): Promise<string> {
  await tx.query('lock table govern.link_model in share row exclusive mode');
  const { number } = await tx.one<{ number: number }>('select coalesce(max(number), 0) + 1 as number from govern.link_model');
  const edition = `hospital@${number}`;
  const parameters = { ...sealShares(model, keys), edition };
  await tx.query(
    `insert into govern.link_model (edition, number, org_id, base, trained_count, parameters, fingerprint, created_by, created_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')`,
    [edition, number, orgId, base, model.trainedOn.records, JSON.stringify(parameters), fingerprintOf(parameters), by, at],
  );
  return edition;
}

/** Of what was learned, not of what it is called: training twice on the same data gives the same. */
export const fingerprintOf = (model: LinkModel): string =>
  createHash('sha256')
    .update(canonical({ ...model, edition: '' }))
    .digest('hex');

/** JSON with names in order, so that the way a database keeps objects changes nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );

/** A model somebody looked at may be decided once; whoever had it trained is not the one to approve it. */
export async function decideModel(
  tx: Tx,
  { edition, state, by, at }: { edition: string; state: 'approved' | 'rejected'; by: string; at: Date },
): Promise<void> {
  const row = await tx.maybe<{ state: ModelState; created_by: string }>('select state, created_by from govern.link_model where edition = $1 for update', [
    edition,
  ]);
  if (row === undefined) throw refuse('unknown', { edition });
  if (row.state !== 'waiting') throw refuse('decided-already', { edition });
  if (state === 'approved' && row.created_by === by) throw refuse('own-model', { edition });
  await tx.query('update govern.link_model set state = $2, decided_by = $3, decided_at = $4 where edition = $1', [edition, state, by, at]);
}

export interface NewUse {
  readonly orgId: string;
  readonly edition: string;
  readonly by: string;
  readonly at: Date;
  readonly previewTask: string | null;
}
/** Puts an approved edition to use. Returns the edition used before. */
export async function putToUse(tx: Tx, { orgId, edition, by, at, previewTask }: NewUse): Promise<string> {
  await tx.query('lock table govern.link_model_use in share row exclusive mode');
  const before = await editionInUse(tx);
  if (before === edition) throw refuse('in-use-already', { edition });
  if ((await findModel(tx, edition)).state !== 'approved') throw refuse('not-approved', { edition });
  await tx.query('insert into govern.link_model_use (org_id, edition, before, used_by, used_at, preview_task) values ($1, $2, $3, $4, $5, $6)', [
    ...[orgId, edition, before, by, at, previewTask],
  ]);
  return before;
}
