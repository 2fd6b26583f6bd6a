/** Care of the identity model: train, measure, look ahead, approve, use, go back, and tell how good it is. */

import type { StaffViewer, SystemViewer } from '@xinglin/contracts';
import type { IdentityReport, ModelDetail, ModelFigures, ModelList, ModelTask } from '@xinglin/contracts/api.ts';
import type { Platform, Tx } from '../../../platform/index.ts';
import { generalModel, type LinkModel } from '../linkage/index.ts';
import { createMatcher, type Matcher } from '../matcher.ts';
import { selectCounts } from '../review/queue.sql.ts';
import { refuse } from './errors.ts';
import { measureLabels } from './labels.ts';
import { measureModel } from './measure-model.ts';
import { detailOf } from './model-detail.ts';
import { addModel, decideModel, editionInUse, findModel, listModels, listUses, openModel, putToUse, storedModel } from './model-store.ts';
import { selectConflicts, selectDecided, selectFigures, selectMeasured, selectPerPerson } from './models.sql.ts';
import { previewModel } from './preview-model.ts';
import { reportOf } from './report/report.ts';
import { YIELD_DAYS } from './report/reviews.ts';
import { RECORDS_MAX } from './sample.ts';
import { addTask, findTask, listTasks, runTask, type TaskResult, type TaskRow, taskOf } from './tasks.ts';
import { type Drawn, type Phase, type TellPhase, trainOnVault } from './train-model.ts';

const JOB = 'govern.model-task';
const NIGHTLY_JOB = 'govern.model-measure';
/** After the nightly files, before the day: figures of the model in use are never older than a day. */
const NIGHTLY = '40 4 * * *';
const LISTED_MAX = 20;
const DAY_MS = 86_400_000;

/** Who acts: a signed-in user, or the product itself for a command or a schedule. */
export interface Actor {
  readonly viewer: StaffViewer | SystemViewer;
  /** User id, `cli` or `schedule`. */
  readonly by: string;
  readonly ip?: string | null;
}
export interface TaskAsk {
  readonly kind: ModelTask['kind'];
  readonly edition?: string | undefined;
  readonly recordsMax?: number | undefined;
}
type Hear = (told: { phase: Phase; done: number; total: number }) => void;

export interface IdentityModels {
  list(actor: Actor): Promise<ModelList>;
  detail(edition: string): Promise<ModelDetail>;
  /** Measured figures, and how the model does on pairs people decided (worked out now). */
  figures(actor: Actor, edition: string): Promise<ModelFigures>;
  task(taskId: string): Promise<ModelTask>;
  /** Works in the background. */
  ask(actor: Actor, ask: TaskAsk): Promise<ModelTask>;
  /** Resolves at the end of the work, in this process. */
  run(actor: Actor, ask: TaskAsk, hear?: Hear): Promise<ModelTask>;
  decide(actor: Actor, edition: string, state: 'approved' | 'rejected'): Promise<void>;
  /** Needs a preview from the model in use now. Everyone is compared again in the background; `settled` resolves at its end. */
  use(actor: Actor, edition: string, previewTask: string): Promise<{ settled: Promise<void> }>;
  report(actor: Actor): Promise<IdentityReport>;
  /** Measures the model in use, unless there is nothing to measure or something else is under way. */
  measureInUse(): Promise<void>;
}

export interface ModelsDeps {
  readonly platform: Platform;
  /** Decide with this model from now on. */
  readonly setModel: (model: LinkModel) => void;
  /** Compares everyone again; resolves at the end. */
  readonly relink: () => Promise<void>;
}

const RECORDS_KEPT_MAX = 2_000;

export async function createIdentityModels({ platform, setModel, relink }: ModelsDeps): Promise<IdentityModels> {
  const { db, keys, clock, audit, jobs, log, config } = platform;
  const { orgId } = config;
  let made: Promise<Matcher> | null = null;
  /** Opens records for training and measuring, beside the one that decides. Each is opened once, so few are kept. */
  const matcher = (): Promise<Matcher> => (made ??= createMatcher(platform, generalModel, RECORDS_KEPT_MAX));

  const work = async (task: TaskRow, tell: TellPhase): Promise<{ edition?: string; result: TaskResult }> => {
    const opener = await matcher();
    if (task.kind === 'train') {
      const { model, drawn, ...trained } = await trainOnVault(platform, opener, task.records_max, tell);
      const edition = await db.tx(async (tx) => {
        const given = await addModel(tx, keys, { orgId, base: generalModel.edition, model, by: task.asked_by, at: clock.now() });
        await audit.record({ ...systemEntry(orgId), action: 'model.trained', subject: given, count: trained.records, q: tx });
        return given;
      });
      await measure(edition, task.records_max, tell, drawn);
      return { edition, result: { trained } };
    }
    const edition = task.edition ?? generalModel.edition;
    if (task.kind === 'measure') {
      await measure(edition, task.records_max, tell);
      return { result: {} };
    }
    const before = await openModel(db, keys, task.against ?? generalModel.edition);
    const after = await openModel(db, keys, edition);
    return { result: { preview: await previewModel(platform, opener, { before, after }, task.records_max, tell) } };
  };
  const measure = async (edition: string, recordsMax: number, tell: TellPhase, drawn?: Drawn): Promise<void> => {
    const figures = await measureModel(platform, await matcher(), { model: await openModel(db, keys, edition), recordsMax, drawn }, tell);
    await db.query(
      `insert into govern.link_model_figure (edition, org_id, measured_at, figures) values ($1, $2, $3, $4)
       on conflict (edition, org_id) do update set measured_at = excluded.measured_at, figures = excluded.figures`,
      [edition, orgId, clock.now(), JSON.stringify({ ...figures, edition })],
    );
  };
  const add = async (actor: Actor, { kind, edition, recordsMax = RECORDS_MAX }: TaskAsk): Promise<TaskRow> => {
    if (edition !== undefined) await findModel(db, edition);
    const against = kind === 'preview' ? await editionInUse(db) : null;
    const task = await addTask(db, { orgId, kind, edition: edition ?? null, against, recordsMax, by: actor.by, at: clock.now() });
    await audit.record({ ...entryOf(actor), action: `model.${kind}`, subject: edition ?? null, outcome: 'allowed' });
    return task;
  };
  const names = async (): Promise<(by: string) => string> => {
    const users = new Map((await platform.access.staff()).map((user) => [user.userId, user.displayName]));
    return (by) => users.get(by) ?? by;
  };

  await jobs.work<{ taskId: string }>(JOB, async ({ taskId }) => {
    await runTask(db, taskId, work).catch((error: unknown) => log.error('govern.model-task-failed', { error }));
  });
  await jobs.work(NIGHTLY_JOB, () => models.measureInUse());
  await jobs.schedule(NIGHTLY_JOB, NIGHTLY);

  const models: IdentityModels = {
    async list(actor) {
      const [rows, uses, tasks, inUse, nameOf] = await Promise.all([
        listModels(db),
        listUses(db, LISTED_MAX),
        listTasks(db, LISTED_MAX),
        editionInUse(db),
        names(),
      ]);
      const measured = new Map((await selectMeasured(db, orgId)).map((row) => [row.edition, row.measured_at]));
      return {
        inUse,
        rows: rows.map((row) => ({
          edition: row.edition,
          base: row.base,
          records: row.trained_count,
          createdBy: row.created_by === null ? null : nameOf(row.created_by),
          createdAt: row.created_at?.toISOString() ?? null,
          state: row.state,
          decidedBy: row.decided_by === null ? null : nameOf(row.decided_by),
          decidedAt: row.decided_at?.toISOString() ?? null,
          isInUse: row.edition === inUse,
          isOwn: row.created_by === actor.by,
          measuredAt: measured.get(row.edition)?.toISOString() ?? null,
        })),
        uses: uses.map((use) => ({ edition: use.edition, before: use.before, by: nameOf(use.used_by), at: use.used_at.toISOString() })),
        tasks: tasks.map((task) => taskOf(task, nameOf)),
        asOf: clock.now().toISOString(),
      };
    },
    async detail(edition) {
      const row = await findModel(db, edition);
      return { ...detailOf(await storedModel(db, edition)), edition, base: row.base, asOf: clock.now().toISOString() };
    },
    async figures(actor, edition) {
      await findModel(db, edition);
      const found = await selectFigures(db, orgId, edition);
      const labels = await measureLabels(platform, await matcher(), await openModel(db, keys, edition));
      await audit.record({ ...entryOf(actor), action: 'model.figures', subject: edition, outcome: 'allowed', count: labels.n });
      return {
        edition,
        measured: found === undefined ? null : { at: found.measured_at.toISOString(), figures: found.figures },
        labels,
        asOf: clock.now().toISOString(),
      };
    },
    task: async (taskId) => taskOf(await findTask(db, taskId), await names()),
    async ask(actor, ask) {
      const task = await add(actor, ask);
      await jobs.send(null, JOB, { taskId: task.task_id }, { singletonKey: task.task_id });
      return taskOf(task, await names());
    },
    async run(actor, ask, hear) {
      const task = await add(actor, ask);
      return taskOf(await runTask(db, task.task_id, work, hear), await names());
    },
    async decide(actor, edition, state) {
      await db.tx(async (tx) => {
        await decideModel(tx, { edition, state, by: actor.by, at: clock.now() });
        await audit.record({ ...entryOf(actor), action: `model.${state}`, subject: edition, outcome: 'allowed', q: tx });
      });
    },
    async use(actor, edition, previewTask) {
      await db.tx(async (tx) => {
        await checkPreview(tx, edition, previewTask);
        const before = await putToUse(tx, { orgId, edition, by: actor.by, at: clock.now(), previewTask });
        await audit.record({ ...entryOf(actor), action: 'model.used', subject: edition, outcome: 'allowed', detail: `instead of ${before}`, q: tx });
      });
      setModel(await openModel(db, keys, edition));
      const settled = relink();
      settled.catch((error: unknown) => log.error('govern.relink-failed', { error }));
      return { settled };
    },
    async report(actor) {
      const now = clock.now();
      const edition = await editionInUse(db);
      const [found, labels, queue, perPerson, conflicts, decided] = await Promise.all([
        selectFigures(db, orgId, edition),
        measureLabels(platform, await matcher(), await openModel(db, keys, edition)),
        selectCounts(db, { orgId, departments: null }),
        selectPerPerson(db),
        selectConflicts(db),
        selectDecided(db, orgId, new Date(now.getTime() - YIELD_DAYS * DAY_MS)),
      ]);
      await audit.record({ ...entryOf(actor), action: 'model.report', subject: edition, outcome: 'allowed', count: labels.n });
      const measured = found === undefined ? null : { at: found.measured_at, figures: found.figures };
      return reportOf({ edition, measured, labels, queue, perPerson, conflicts, decided, now });
    },
    async measureInUse() {
      const { any } = await db.one<{ any: boolean }>('select exists (select from govern.vault_record) as any');
      if (!any) return;
      try {
        await models.run(scheduled(orgId), { kind: 'measure', edition: await editionInUse(db) });
      } catch (error) {
        log.warn('govern.model-measure-skipped', { error });
      }
    },
  };
  return models;
}

const entryOf = ({ viewer, ip = null }: Actor) => ({ viewer, ip, relation: 'govern.link_model' });
const systemEntry = (orgId: string) => ({ viewer: systemViewer(orgId), relation: 'govern.link_model', outcome: 'allowed' as const });
const systemViewer = (orgId: string): SystemViewer => ({ kind: 'system', room: 'govern', orgId, purpose: 'administration' });
const scheduled = (orgId: string): Actor => ({ viewer: systemViewer(orgId), by: 'schedule' });
/** The owner of the data folder at the command line. */
export const commandActor = (orgId: string): Actor => ({ viewer: systemViewer(orgId), by: 'cli' });

async function checkPreview(tx: Tx, edition: string, taskId: string): Promise<void> {
  const task = await findTask(tx, taskId);
  const isFitting = task.kind === 'preview' && task.state === 'done' && task.edition === edition && task.against === (await editionInUse(tx));
  if (!isFitting) throw refuse('preview-first', { edition });
}
