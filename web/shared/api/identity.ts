/** Requests of the review desk and the merged person, typed by contracts/api. */
import type {
  ActBody,
  ActDone,
  ActPreview,
  FamilyDecision,
  PersonIdentity,
  PreviewBody,
  ReviewDecision,
  ReviewDetail,
  ReviewRow,
  ReviewSummary,
  SourceTrustList,
} from '@xinglin/contracts/api.ts';
import { call } from './http.ts';
import type { Page } from './staff.ts';

export interface ReviewAsk {
  readonly state?: string | undefined;
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  readonly age?: string | undefined;
}
type Cursor = string | undefined;
type Signal = AbortSignal | undefined;
const id = encodeURIComponent;

export const identityApi = {
  reviews: (ask: ReviewAsk, cursor: Cursor, signal?: Signal) => call<Page<ReviewRow>>('/identity/reviews', { query: { ...ask, cursor }, signal }),
  summary: (signal?: Signal) => call<ReviewSummary>('/identity/reviews/summary', { signal }),
  review: (reviewId: string, signal?: Signal) => call<ReviewDetail>(`/identity/reviews/${id(reviewId)}`, { signal }),
  decide: (reviewId: string, body: ReviewDecision, key: string) =>
    call<ReviewDetail>(`/identity/reviews/${id(reviewId)}/decision`, { method: 'POST', body, key }),

  preview: (body: PreviewBody) => call<ActPreview>('/identity/preview', { method: 'POST', body }),
  act: (body: ActBody, key: string) => call<ActDone>('/identity/acts', { method: 'POST', body, key }),
  undo: (actId: string, key: string) => call<ActDone>(`/identity/acts/${id(actId)}/undo`, { method: 'POST', key }),

  person: (personId: string, signal?: Signal) => call<PersonIdentity>(`/identity/persons/${id(personId)}`, { signal }),
  decideFamily: (body: FamilyDecision) => call<null>('/identity/family', { method: 'POST', body }),
  trust: (signal?: Signal) => call<SourceTrustList>('/identity/source-trust', { signal }),
  setTrust: (rows: SourceTrustList['rows']) => call<SourceTrustList>('/identity/source-trust', { method: 'PUT', body: { rows } }),
};
