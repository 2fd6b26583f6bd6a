import type { StaffViewer, Viewer } from '@xinglin/contracts';
import type { CaseDetail, CaseRow } from '@xinglin/contracts/api.ts';
import { type Engage, PAGE_ROWS, peopleInList, staffNames } from '../../engage/index.ts';
import type { Govern } from '../../govern/index.ts';
import { type Platform, readCursor, writeCursor } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { SCALE_MAX } from '../surveys/definitions/index.ts';
import { type CaseRecord, type CaseStepRow, stepsOf } from './case.sql.ts';
import { answersOf } from './case-answers.ts';
import { CASE_ACTIONS, type CaseState, moveOf } from './case-machine.ts';
import { ESCALATION_SHARES } from './limits.ts';
import { wordsSubject } from './take-step.ts';

export interface CaseListQuery {
  readonly state?: CaseState | 'open' | undefined;
  readonly department?: string | undefined;
  readonly mine?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}
export interface CasePageRows {
  readonly rows: CaseRow[];
  readonly next: string | null;
  readonly total: number | null;
  readonly asOf: string;
}

const OPEN: readonly CaseState[] = ['new', 'assigned', 'contacted', 'working', 'resolved'];
const NOT_YOURS = { zh: '您的角色只能查看工单。', en: 'Your role may only read cases.' };

export function createCaseWorklist({ platform, govern }: { platform: Platform; govern: Govern; engage: Engage }) {
  const { db, access, audit, clock, keys } = platform;

  const rowsOf = async (viewer: StaffViewer, cases: readonly CaseRecord[]): Promise<CaseRow[]> => {
    const now = clock.now();
    const person = await peopleInList(
      govern,
      viewer,
      cases.flatMap((each) => each.record_key ?? []),
      now,
    );
    const names = await staffNames(access);
    const departments = await govern.dimensions.entries('department');
    return cases.map((each) => {
      const { personId, name } = person(each.record_key);
      const department = departments.get(each.department_code ?? '');
      return {
        caseId: each.case_id,
        number: each.number,
        personId,
        name,
        origin: each.origin,
        department: department === undefined ? null : { zh: department.nameZh, en: department.nameEn ?? department.nameZh },
        score: each.score,
        state: each.state,
        escalation: each.escalation,
        openedAt: each.opened_at.toISOString(),
        dueAt: each.due_at.toISOString(),
        firstContactAt: each.first_contact_at?.toISOString() ?? null,
        closedAt: each.closed_at?.toISOString() ?? null,
        owner: each.owner_id === null ? null : { userId: each.owner_id, displayName: names.get(each.owner_id) ?? '—' },
        isOverdue: each.state !== 'closed' && each.due_at <= now,
        rerating: each.rerating,
      };
    });
  };

  /** The nearest limit first. */
  const list = async (viewer: StaffViewer, query: CaseListQuery, ip: string): Promise<CasePageRows> => {
    const limit = query.limit ?? PAGE_ROWS;
    const after = readCursor(query.cursor, ['time', 'uuid']);
    const { where } = access.scope(viewer, 'improve.case', 'c');
    const states = query.state === undefined || query.state === 'open' ? OPEN : [query.state];
    const wanted = `${where} and c.state = any($1) and ($2::text is null or c.department_code = $2) and ($3::uuid is null or c.owner_id = $3)`;
    const values = [states, query.department ?? null, query.mine === true ? viewer.userId : null];
    const found = await db.query<CaseRecord>(
      `select c.* from improve.case c where ${wanted} and ($4::timestamptz is null or (c.due_at, c.case_id) > ($4, $5::uuid))
       order by c.due_at, c.case_id limit $6`,
      [...values, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
    const { total } = await db.one<{ total: number }>(`select count(*)::integer as total from improve.case c where ${wanted}`, values);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    await audit.record({ viewer, action: 'case.list', relation: 'improve.case', subject: null, outcome: 'allowed', count: page.length, ip });
    return {
      rows: await rowsOf(viewer, page),
      next: found.length > limit && last !== undefined ? writeCursor(last.due_at.toISOString(), last.case_id) : null,
      total,
      asOf: clock.now().toISOString(),
    };
  };

  const detail = async (viewer: StaffViewer, caseId: string, ip: string): Promise<CaseDetail> => {
    const { where } = access.scope(viewer, 'improve.case', 'c');
    const record = await db.maybe<CaseRecord>(`select c.* from improve.case c where c.case_id = $1 and ${where}`, [caseId]);
    if (record === undefined) throw refuse('not-found');
    const [row] = await rowsOf(viewer, [record]);
    if (row === undefined) throw refuse('not-found');
    const mayWrite = access.may(viewer, 'case.write');
    await audit.record({ viewer, action: 'case.read', relation: 'improve.case', subject: caseId, outcome: 'allowed', ip });
    return {
      case: row,
      phone: await phoneOf(viewer, record, ip),
      answers: await answersOf(db, record),
      words: await patientsWords(viewer, record),
      steps: await stepLines(record, await stepsOf(db, caseId), mayWrite),
      owners: mayWrite ? await ownersFor(record) : [],
      actions: CASE_ACTIONS.map((action) => {
        const move = moveOf(action, { state: record.state, attempts: record.attempts, hasPatient: record.record_key !== null });
        if (!mayWrite) return { action, isAllowed: false, why: NOT_YOURS };
        return move.isAllowed ? { action, isAllowed: true, why: null } : { action, isAllowed: false, why: move.why };
      }),
    };
  };

  const ownersFor = async ({ department_code }: CaseRecord) =>
    (await access.staff({ permission: 'case.write', ...(department_code === null ? {} : { department: department_code }) })).map(({ userId, displayName }) => ({
      userId,
      displayName,
    }));

  /** Calling back answers what the patient told us, so it rests on care; the vault is asked and the reading audited. */
  const phoneOf = async (viewer: StaffViewer, record: CaseRecord, ip: string): Promise<string | null> => {
    if (record.record_key === null || !access.may(viewer, 'patient.identity')) return null;
    if (!(await govern.consents.decide(record.record_key, 'care', 'phone')).allowed) return null;
    const phone = await govern.contacts.addressOf(record.record_key, 'phone');
    await audit.record({
      viewer,
      action: 'contact.read',
      relation: 'improve.case',
      subject: record.case_id,
      outcome: 'allowed',
      count: phone === null ? 0 : 1,
      ip,
    });
    return phone;
  };

  const patientsWords = async (viewer: StaffViewer, { text_id }: CaseRecord): Promise<string | null> => {
    if (text_id === null || !access.may(viewer, 'patient.identity')) return null;
    return (await govern.people.text(viewer, [text_id])).get(text_id) ?? null;
  };

  /** Colleagues' words are for those who work on cases; others see what was done and when. */
  const stepLines = async (record: CaseRecord, steps: readonly CaseStepRow[], mayRead: boolean): Promise<CaseDetail['steps']> => {
    const subject = wordsSubject(record);
    const key = mayRead ? (await keys.subjectKeys(db, [subject], false)).get(subject) : undefined;
    const names = await staffNames(access);
    return steps.map((step) => {
      const words =
        key === undefined || step.words_sealed === null
          ? null
          : (JSON.parse(keys.open(key, step.words_sealed).toString('utf8')) as { note: string | null; toPatient: string | null });
      const toPatient = words?.toPatient === null || words === null ? null : `→ ${words.toPatient}`;
      const note = [figureOf(step, names), words?.note, toPatient].filter((part) => typeof part === 'string').join('\n');
      return {
        at: step.at.toISOString(),
        by: step.by_user === null ? null : (names.get(step.by_user) ?? null),
        step: STEP_NAMES[step.action] ?? step.action,
        note: note === '' ? null : note,
      };
    });
  };

  /** For the overview: cases of the viewer's departments that are not closed. */
  const counts = async (viewer: Viewer): Promise<{ total: number; overdue: number }> => {
    const { where } = access.scope(viewer, 'improve.case', 'c');
    return db.one(
      `select count(*)::integer as total, count(*) filter (where c.due_at <= $1)::integer as overdue from improve.case c where ${where} and c.state <> 'closed'`,
      [clock.now()],
    );
  };

  return { list, detail, counts };
}

/** What the product does by itself is told as done, what people do as they chose it. */
const STEP_NAMES: Readonly<Record<string, string>> = { open: 'opened', escalate: 'escalated', rerate: 'rerated' };

/** The figure or name a step is about, the same in both languages: the share of the limit, the new score, the new owner. */
function figureOf({ action, detail }: CaseStepRow, names: ReadonlyMap<string, string>): string | null {
  if (action === 'escalate') return `${Math.round((ESCALATION_SHARES[Number(detail['level']) - 1] ?? 0) * 100)}%`;
  if (detail['score'] !== undefined) return `${String(detail['score'])} / ${SCALE_MAX}`;
  return typeof detail['ownerId'] === 'string' ? (names.get(detail['ownerId']) ?? null) : null;
}
