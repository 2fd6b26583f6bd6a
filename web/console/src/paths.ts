/** Every address of the console and the state it holds. Links are made here and nowhere else. */
import { withQuery } from '@xinglin/web-shared/api/http.ts';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

type Address = Readonly<Record<string, string | undefined>>;
export interface OverviewAddress extends Address {
  days?: string;
  index?: string;
}
export interface MetricsAddress extends Address {
  q?: string;
}
export interface MetricAddress extends Address {
  by?: string;
  grain?: string;
  days?: string;
  from?: string;
  to?: string;
  where?: string;
  /** Which figure's rows are open: `period|group`, either may be empty. */
  rows?: string;
}
export interface PatientsAddress extends Address {
  department?: string;
}
export interface PatientAddress extends Address {
  kinds?: string;
}
export interface SourcesAddress extends Address {
  source?: string;
  tab?: string;
  upload?: string;
}
export interface WorklistAddress extends Address {
  state?: string;
  department?: string;
  mine?: string;
  /** The task or case whose panel is open. */
  open?: string;
}
export interface IdentityModelAddress extends Address {
  /** The edition looked at, and the one it is compared with. */
  edition?: string;
  with?: string;
  field?: string;
  /** The edition whose panel is open. */
  open?: string;
}
export interface ReviewsAddress extends Address {
  state?: string;
  reason?: string;
  source?: string;
  age?: string;
  /** The pair that is open. */
  review?: string;
}
export interface AuditAddress extends Address {
  user?: string;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
}

const id = encodeURIComponent;
// `/metrics` itself is where Prometheus reads the server's own figures.
export const paths = {
  overview: (address: OverviewAddress = {}) => withQuery('/', address),
  metrics: (address: MetricsAddress = {}) => withQuery('/indicators', address),
  metric: (metric: string, address: MetricAddress = {}) => withQuery(`/indicators/${id(metric)}`, address),
  patients: (address: PatientsAddress = {}) => withQuery('/patients', address),
  patient: (personId: string, address: PatientAddress = {}) => withQuery(`/patients/${id(personId)}`, address),
  personIdentity: (personId: string) => `/patients/${id(personId)}/identity`,
  reviews: (address: ReviewsAddress = {}) => withQuery('/identity/reviews', address),
  sources: (address: SourcesAddress = {}) => withQuery('/sources', address),
  followUps: (address: WorklistAddress = {}) => withQuery('/follow-ups', address),
  cases: (address: WorklistAddress = {}) => withQuery('/cases', address),
  identityModel: (address: IdentityModelAddress = {}) => withQuery('/identity/model', address),
  audit: (address: AuditAddress = {}) => withQuery('/audit', address),
  accounts: () => '/accounts',
} as const;

/** The state in the address bar, and a way to change parts of it. `undefined` takes a part out. */
export function useAddress<A extends Address>(): readonly [
  Partial<A>,
  (patch: Partial<{ [K in keyof A]: A[K] | undefined }>, options?: { replace: boolean }) => void,
] {
  const [params, setParams] = useSearchParams();
  const address = useMemo(() => Object.fromEntries(params) as Partial<A>, [params]); // names are the page's own; values are checked where used
  const patch = useCallback(
    (change: Partial<{ [K in keyof A]: A[K] | undefined }>, options = { replace: true }) =>
      setParams((now) => {
        const next = new URLSearchParams(now);
        for (const [name, value] of Object.entries(change)) {
          if (value === undefined || value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      }, options),
    [setParams],
  );
  return [address, patch];
}

/** A value of the address bar, if it is one of those allowed. */
export const oneOf = <const T extends string>(value: string | undefined, allowed: readonly T[], fallback: T): T =>
  allowed.find((each) => each === value) ?? fallback;
