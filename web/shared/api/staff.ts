/** Every request the console makes, typed by contracts/api. */

import type { IngestReport } from '@xinglin/contracts';
import type {
  AuditRow,
  AuditVerification,
  CaseDetail,
  CaseRow,
  CaseStep,
  DeliveryRow,
  FollowUpDetail,
  FollowUpOutcome,
  FollowUpRow,
  IdentityReport,
  MetricAnswer,
  MetricInfo,
  MetricRows,
  ModelDetail,
  ModelFigures,
  ModelList,
  ModelTask,
  ModelTaskAsk,
  NoticeList,
  Overview,
  PatientDetail,
  PatientRow,
  RejectionRow,
  Session,
  SignIn,
  SourceNames,
  SourceRow,
  TimelineEntry,
} from '@xinglin/contracts/api.ts';
import { ApiFailure, call, send, withQuery } from './http.ts';

/** A list as `pageOf` shapes it. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next: string | null;
  readonly total: number | null;
  readonly asOf: string;
}
export interface DemoAccount {
  readonly username: string;
  readonly password: string;
  readonly role: Session['role'];
  readonly displayName: string;
}
/** An account as the security administrator sees it. */
export interface Account {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: Session['role'];
  readonly departments: readonly string[] | null;
  readonly status: string;
  readonly isLocked: boolean;
}
export interface NewAccount {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly role: Session['role'];
  readonly departments: readonly string[] | null;
}
export interface MetricAsk {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: string | undefined;
  readonly grain?: 'day' | 'week' | 'month' | 'total' | undefined;
  readonly where?: string | undefined;
}
export interface WorklistAsk {
  readonly state?: string | undefined;
  readonly department?: string | undefined;
  readonly mine?: boolean | undefined;
}
export interface AuditAsk {
  readonly user?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
type Cursor = string | undefined;
type Signal = AbortSignal | undefined;
const id = encodeURIComponent;

export const staffApi = {
  /** Null when signed out. */
  async session(): Promise<Session | null> {
    try {
      return await call<Session>('/session');
    } catch (error) {
      if (error instanceof ApiFailure && error.kind === 'signed-out') return null;
      throw error;
    }
  },
  /** Empty outside the demo. */
  async demoAccounts(): Promise<readonly DemoAccount[]> {
    try {
      return await call<DemoAccount[]>('/session/demo-accounts');
    } catch (error) {
      if (error instanceof ApiFailure && error.kind === 'not-found') return [];
      throw error;
    }
  },
  signIn: (body: SignIn) => call<Session>('/session', { method: 'POST', body }),
  signOut: () => call<null>('/session', { method: 'DELETE' }),
  changePassword: (current: string, next: string) => call<unknown>('/session/password', { method: 'POST', body: { current, next } }),

  overview: (days: number, signal?: Signal) => call<Overview>('/overview', { query: { days }, signal }),
  metrics: (signal?: Signal) => call<{ rows: MetricInfo[] }>('/metrics', { signal }),
  metric: (metric: string, ask: MetricAsk, signal?: Signal) => call<MetricAnswer>(`/metrics/${id(metric)}`, { query: { ...ask }, signal }),
  metricRows: (metric: string, ask: MetricAsk, cursor: Cursor, signal?: Signal) =>
    call<MetricRows>(`/metrics/${id(metric)}/rows`, { query: { ...ask, cursor }, signal }),

  patients: (ask: { department?: string | undefined }, cursor: Cursor, signal?: Signal) =>
    call<Page<PatientRow>>('/patients', { query: { ...ask, cursor }, signal }),
  searchPatients: (q: string, signal?: Signal) => call<Page<PatientRow>>('/patients/search', { method: 'POST', body: { q }, signal }),
  patient: (personId: string, signal?: Signal) => call<PatientDetail>(`/patients/${id(personId)}`, { signal }),
  timeline: (personId: string, kinds: readonly string[], cursor: Cursor, signal?: Signal) =>
    call<Page<TimelineEntry>>(`/patients/${id(personId)}/timeline`, { query: { kinds: kinds.join(','), cursor }, signal }),

  sourceNames: (signal?: Signal) => call<SourceNames>('/source-names', { signal }),
  sources: (signal?: Signal) => call<{ rows: SourceRow[]; asOf: string }>('/sources', { signal }),
  deliveries: (source: string, cursor: Cursor, signal?: Signal) => call<Page<DeliveryRow>>(`/sources/${id(source)}/deliveries`, { query: { cursor }, signal }),
  rejections: (source: string, cursor: Cursor, signal?: Signal) => call<Page<RejectionRow>>(`/sources/${id(source)}/rejections`, { query: { cursor }, signal }),
  upload(files: readonly File[], ask: { source: string; mapping?: string | undefined }, onProgress: (share: number) => void): Promise<IngestReport> {
    const form = new FormData();
    for (const file of files) form.append('files', file, file.name);
    return send<IngestReport>(withQuery('/uploads', ask), form, onProgress);
  },

  followUps: (ask: WorklistAsk, cursor: Cursor, signal?: Signal) => call<Page<FollowUpRow>>('/follow-ups', { query: { ...ask, cursor }, signal }),
  followUp: (taskId: string, signal?: Signal) => call<FollowUpDetail>(`/follow-ups/${id(taskId)}`, { signal }),
  recordOutcome: (taskId: string, body: FollowUpOutcome, key: string) => call<unknown>(`/follow-ups/${id(taskId)}/outcome`, { method: 'POST', body, key }),

  cases: (ask: WorklistAsk, cursor: Cursor, signal?: Signal) => call<Page<CaseRow>>('/cases', { query: { ...ask, cursor }, signal }),
  case: (caseId: string, signal?: Signal) => call<CaseDetail>(`/cases/${id(caseId)}`, { signal }),
  caseStep: (caseId: string, body: CaseStep, key: string) => call<CaseDetail>(`/cases/${id(caseId)}/steps`, { method: 'POST', body, key }),

  notices: (signal?: Signal) => call<NoticeList>('/notices', { signal }),
  readNotice: (noticeId: string) => call<null>(`/notices/${id(noticeId)}/read`, { method: 'POST' }),

  identityReport: (signal?: Signal) => call<IdentityReport>('/identity/report', { signal }),
  models: (signal?: Signal) => call<ModelList>('/identity/models', { signal }),
  model: (edition: string, signal?: Signal) => call<ModelDetail>(`/identity/models/${id(edition)}`, { signal }),
  modelFigures: (edition: string, signal?: Signal) => call<ModelFigures>(`/identity/models/${id(edition)}/figures`, { signal }),
  modelTask: (body: ModelTaskAsk) => call<ModelTask>('/identity/model-tasks', { method: 'POST', body }),
  decideModel: (edition: string, decision: 'approved' | 'rejected') =>
    call<ModelList>(`/identity/models/${id(edition)}/decision`, { method: 'POST', body: { decision } }),
  useModel: (edition: string, previewTask: string) => call<ModelList>(`/identity/models/${id(edition)}/use`, { method: 'POST', body: { previewTask } }),

  audit: (ask: AuditAsk, cursor: Cursor, signal?: Signal) => call<Page<AuditRow>>('/audit', { query: { ...ask, cursor }, signal }),
  accounts: (signal?: Signal) => call<{ rows: Account[] }>('/users', { signal }),
  createAccount: (body: NewAccount) => call<{ userId: string }>('/users', { method: 'POST', body }),
  changeAccount: (userId: string, to: 'unlock' | 'disable') => call<null>(`/users/${id(userId)}/${to}`, { method: 'POST' }),

  verifyAudit: () => call<AuditVerification>('/audit/verification'),
};
