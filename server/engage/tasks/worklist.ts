import type { StaffViewer, Viewer } from '@xinglin/contracts';
import type { FollowUpDetail, FollowUpRow } from '@xinglin/contracts/api.ts';
import type { Govern } from '../../govern/index.ts';
import { type Platform, readCursor, writeCursor } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { PAGE_ROWS, peopleInList, staffNames } from '../people-in-list.ts';
import { ruleInWords } from '../plans/abnormal.ts';
import { stepOf, templateOf } from '../plans/templates/index.ts';
import { historyWords } from './history-words.ts';
import { historyOf, type TaskRow, type TaskState } from './task.sql.ts';

export interface WorklistQuery {
  readonly state?: TaskState | 'open' | undefined;
  readonly department?: string | undefined;
  readonly mine?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}
export interface FollowUpPageRows {
  readonly rows: FollowUpRow[];
  readonly next: string | null;
  readonly total: number | null;
  readonly asOf: string;
}

/** What the worklist means by `open`: to be done now. */
const TO_DO: readonly TaskState[] = ['due', 'overdue'];

export function createWorklist({ platform, govern }: { platform: Platform; govern: Govern }) {
  const { db, access, audit, clock, hospital } = platform;

  const rowsOf = async (viewer: StaffViewer, tasks: readonly TaskRow[]): Promise<FollowUpRow[]> => {
    const person = await peopleInList(
      govern,
      viewer,
      tasks.map((task) => task.record_key),
      clock.now(),
    );
    const owners = await staffNames(access);
    const departments = await govern.dimensions.entries('department');
    return tasks.map((task) => {
      const department = departments.get(task.department_code ?? '');
      return {
        taskId: task.task_id,
        planId: task.plan_id,
        ...person(task.record_key),
        plan: templateOf(task.template).name,
        step: stepOf(task.template, task.step).name,
        department: department === undefined ? null : { zh: department.nameZh, en: department.nameEn ?? department.nameZh },
        dueAt: task.due_at.toISOString(),
        state: task.state,
        attempts: task.attempts,
        owner: task.owner_id === null ? null : (owners.get(task.owner_id) ?? null),
        dayNumber: task.day_number,
      };
    });
  };

  /** The most pressing first: by due time. */
  const list = async (viewer: StaffViewer, query: WorklistQuery, ip: string): Promise<FollowUpPageRows> => {
    const limit = query.limit ?? PAGE_ROWS;
    const after = readCursor(query.cursor, ['time', 'uuid']);
    const { where } = access.scope(viewer, 'engage.task', 't');
    const states = query.state === undefined || query.state === 'open' ? TO_DO : [query.state];
    const wanted = `${where} and t.state = any($1) and ($2::text is null or t.department_code = $2) and ($3::uuid is null or t.owner_id = $3)`;
    const values = [states, query.department ?? null, query.mine === true ? viewer.userId : null];
    const found = await db.query<TaskRow>(
      `select t.* from engage.task t where ${wanted} and ($4::timestamptz is null or (t.due_at, t.task_id) > ($4, $5::uuid))
       order by t.due_at, t.task_id limit $6`,
      [...values, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const { total } = await db.one<{ total: number }>(`select count(*)::integer as total from engage.task t where ${wanted}`, values);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const rows = await rowsOf(viewer, page);
    await audit.record({ viewer, action: 'followup.list', relation: 'engage.task', subject: null, outcome: 'allowed', count: rows.length, ip });
    return {
      rows,
      next: found.length > limit && last !== undefined ? writeCursor(last.due_at.toISOString(), last.task_id) : null,
      total,
      asOf: clock.now().toISOString(),
    };
  };

  /** The number is read from the vault for those who call, while the patient lets us call. */
  const phoneOf = async (viewer: StaffViewer, task: TaskRow, ip: string): Promise<string | null> => {
    if (!access.may(viewer, 'patient.identity')) return null;
    if (!(await govern.consents.decide(task.record_key, 'followup', 'phone')).allowed) return null;
    const phone = await govern.contacts.addressOf(task.record_key, 'phone');
    await audit.record({
      viewer,
      action: 'contact.read',
      relation: 'engage.task',
      subject: task.task_id,
      outcome: 'allowed',
      count: phone === null ? 0 : 1,
      ip,
    });
    return phone;
  };

  const detail = async (viewer: StaffViewer, taskId: string, ip: string): Promise<FollowUpDetail> => {
    const { where } = access.scope(viewer, 'engage.task', 't');
    const task = await db.maybe<TaskRow>(`select t.* from engage.task t where t.task_id = $1 and ${where}`, [taskId]);
    if (task === undefined) throw refuse('not-found');
    const [row] = await rowsOf(viewer, [task]);
    if (row === undefined) throw refuse('not-found');
    const step = stepOf(task.template, task.step);
    const fill = (text: string, name: string, department: string) => text.replaceAll('{hospital}', name).replaceAll('{department}', department);
    const names = await staffNames(access);
    await audit.record({ viewer, action: 'followup.read', relation: 'engage.task', subject: taskId, outcome: 'allowed', ip });
    return {
      task: row,
      phone: await phoneOf(viewer, task, ip),
      script: {
        zh: fill(step.script.zh, hospital.nameZh, row.department?.zh ?? ''),
        en: fill(step.script.en, hospital.nameEn, row.department?.en ?? 'our ward'),
      },
      questions: step.questions.map((question) => ({
        id: question.id,
        text: question.text,
        kind: question.kind,
        choices: [...question.choices],
        abnormalWhen: ruleInWords(question),
      })),
      history: (await historyOf(db, taskId)).map(({ at, by_user, what, detail: more }) => ({
        at: at.toISOString(),
        by: by_user === null ? null : (names.get(by_user) ?? null),
        what: historyWords(task, what, more),
      })),
    };
  };

  /** For the overview: what the viewer's departments have to do now. */
  const counts = async (viewer: Viewer): Promise<{ total: number; overdue: number }> => {
    const { where } = access.scope(viewer, 'engage.task', 't');
    return db.one(
      `select count(*)::integer as total, count(*) filter (where t.state = 'overdue')::integer as overdue
       from engage.task t where ${where} and t.state = any($1)`,
      [TO_DO],
    );
  };

  return { list, detail, counts };
}
export type Worklist = ReturnType<typeof createWorklist>;
