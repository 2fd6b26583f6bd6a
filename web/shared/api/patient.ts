/** Every request the patients' pages make, typed by contracts/api. */
import type { Bilingual, PatientInbox, PatientSurvey, SurveySubmission } from '@xinglin/contracts/api.ts';
import { call } from './http.ts';

const id = encodeURIComponent;

export const patientApi = {
  survey: (token: string) => call<PatientSurvey>(`/p/survey/${id(token)}`),
  submitSurvey: (token: string, body: SurveySubmission, key: string) => call<{ thanks: Bilingual }>(`/p/survey/${id(token)}`, { method: 'POST', body, key }),
  /** Always accepted, so that nobody learns whose number is on file. The demo has no telephones and shows the code. */
  sendCode: (phone: string) => call<{ demoCode?: string } | null>('/p/code', { method: 'POST', body: { phone } }),
  signIn: (phone: string, code: string) => call<unknown>('/p/session', { method: 'POST', body: { phone, code } }),
  /** A signed inbox link signs its patient in; the page then lives on the cookie. */
  openLink: (token: string) => call<unknown>('/p/session/link', { method: 'POST', body: { token } }),
  signOut: () => call<unknown>('/p/session', { method: 'DELETE' }),
  inbox: () => call<PatientInbox>('/p/inbox'),
  markRead: (messageId: string) => call<unknown>(`/p/inbox/${id(messageId)}/read`, { method: 'POST', body: {} }),
  changeConsent: (purpose: string, granted: boolean) => call<unknown>('/p/consents', { method: 'POST', body: { purpose, granted } }),
};
