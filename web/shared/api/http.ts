/**
 * A thin typed fetch. Refusals arrive as RFC 9457 problems and become one sentence in the reader's language;
 * a network failure becomes one too. Writes carry an Idempotency-Key, so a repeated press is one action.
 */
import type { Problem } from '@xinglin/contracts';
import type { Language } from '../language.ts';

export const API_BASE = '/api/v1';
/** A page that hangs is worse than one that says so. Uploads have no limit. */
const TIMEOUT_MS = 30_000;

/** What happened, for pages that behave differently by kind. */
export type FailureKind = 'signed-out' | 'forbidden' | 'not-found' | 'expired' | 'refused' | 'too-many' | 'offline' | 'server';

const KIND_OF_STATUS: Readonly<Record<number, FailureKind>> = { 401: 'signed-out', 403: 'forbidden', 404: 'not-found', 410: 'expired', 429: 'too-many' };

export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number;
  readonly code: string | null;
  readonly problem: Problem | null;

  constructor(kind: FailureKind, status: number, problem: Problem | null) {
    super(problem?.detail ?? kind);
    this.name = 'ApiFailure';
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    this.code = problem?.code ?? null;
  }

  /** The server's own sentence; null when there is none and the page says its general one for the kind. */
  sentence(language: Language): string | null {
    if (this.problem === null) return null;
    const text = language === 'en' ? this.problem.detail : this.problem.detailZh;
    return text === undefined || text === '' ? null : text;
  }
}

export const failureOf = (status: number, body: unknown): ApiFailure => {
  const kind = KIND_OF_STATUS[status] ?? (status >= 500 ? 'server' : 'refused');
  const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
  return new ApiFailure(kind, status, isProblem ? (body as Problem) : null); // shape checked in the line above
};

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;
export const withQuery = (path: string, query: Query = {}): string => {
  const parts = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === null || value === '' ? [] : [[name, String(value)]]));
  return parts.length === 0 ? path : `${path}?${new URLSearchParams(parts)}`;
};

/** `crypto.randomUUID` needs https; a hospital's inner network may be plain http. */
export function idempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Query;
  readonly body?: unknown;
  /** Made when the form opens, so that pressing again after a lost answer is the same action. */
  readonly key?: string;
  readonly signal?: AbortSignal | undefined;
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** `Answer` is the shape agreed in contracts/api; the server validates what it sends, so it is not checked twice. */
export async function call<Answer>(path: string, sent: Sent = {}): Promise<Answer> {
  const method = sent.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': document.documentElement.lang };
  if (sent.body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers['idempotency-key'] = sent.key ?? idempotencyKey();
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(API_BASE + withQuery(path, sent.query), {
      method,
      headers,
      credentials: 'same-origin',
      signal: sent.signal === undefined ? timeout : AbortSignal.any([sent.signal, timeout]),
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    body = await readBody(response);
  } catch (error) {
    if (sent.signal?.aborted === true) throw error;
    throw new ApiFailure('offline', 0, null);
  }
  if (!response.ok) throw failureOf(response.status, body);
  return body as Answer; // see above
}

/** Multipart upload with progress (a share of one), which fetch cannot tell. */
export function send<Answer>(path: string, form: FormData, onProgress: (share: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', API_BASE + path);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('accept-language', document.documentElement.lang);
    request.setRequestHeader('idempotency-key', idempotencyKey());
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(new ApiFailure('offline', 0, null));
    request.onload = () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText) as unknown;
      } catch {
        // Not JSON: the status alone says what happened.
      }
      if (request.status >= 200 && request.status < 300)
        resolve(body as Answer); // agreed in contracts
      else reject(failureOf(request.status, body));
    };
    request.send(form);
  });
}
