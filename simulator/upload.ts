/** Hands parts to a running server through the doors it offers everyone: sign-in, file upload, the events API. */
import { type DimensionEntry, type IngestReport, LISTS } from '@xinglin/contracts';
import type { Part } from './doors/parts.ts';
import { SimulatorError } from './world.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Write key of the events door; sent as Basic user name, as the Segment clients do. */
  readonly writeKey: string;
}
/** A busy or starting server is asked again this often, each time waiting twice as long from `RETRY_FIRST_MS` on: half a minute in all. */
const TRIES = 7;
const RETRY_FIRST_MS = 250;
/** Entries of a dictionary sent at once. */
const DICTIONARY_ROWS = 200;
const FILED_WAIT_MS = 120_000;
const FILED_POLL_MS = 1_000;

export class Uploader {
  private readonly base: string;
  private readonly credentials: Credentials;
  private cookie = '';
  private isKeyRefused = false;

  constructor(base: string, credentials: Credentials) {
    if (!/^https?:\/\/[^\s]+$/.test(base)) throw new SimulatorError('to: must be an address such as http://127.0.0.1:8420.');
    this.base = base.replace(/\/+$/, '');
    this.credentials = credentials;
  }

  async signIn(): Promise<void> {
    const { username, password } = this.credentials;
    const answer = await this.ask('/api/v1/session', () => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    }));
    if (!answer.ok) throw new SimulatorError(`to: the server refused the sign-in (${answer.status}); set XINGLIN_SIMULATE_USER and XINGLIN_SIMULATE_PASSWORD.`);
    this.cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    await answer.arrayBuffer();
  }

  /** The hospital's dictionaries, so that codes have names before the first fact names them. */
  async putDimensions(entries: readonly DimensionEntry[]): Promise<void> {
    for (const dimension of LISTS) {
      const rows = entries.filter((each) => each.dimension === dimension).map(({ code, nameZh, nameEn, parentCode }) => ({ code, nameZh, nameEn, parentCode }));
      for (let i = 0; i < rows.length; i += DICTIONARY_ROWS) {
        const answer = await this.ask(`/api/v1/dimensions/${dimension}/entries`, () => ({
          method: 'PUT',
          headers: { 'content-type': 'application/json', cookie: this.cookie },
          body: JSON.stringify({ rows: rows.slice(i, i + DICTIONARY_ROWS) }),
        }));
        if (!answer.ok) throw new SimulatorError(`to: the server refused the dictionary of ${dimension} (${answer.status} ${await codeOf(answer)}).`);
        await answer.arrayBuffer();
      }
    }
  }

  /** Items taken, duplicates included. Throws one sentence when the server refuses the whole part. */
  async send(part: Part): Promise<IngestReport> {
    return part.kind === 'events' ? this.sendEvents(part) : this.sendFile(part);
  }

  /** Resolves when nothing waits to be filed, or after two minutes: older months may then follow all the same. */
  async untilFiled(): Promise<void> {
    for (const end = performance.now() + FILED_WAIT_MS; performance.now() < end; ) {
      const answer = await this.ask('/api/v1/sources', () => ({ headers: { cookie: this.cookie } }));
      const { rows } = (await answer.json().catch(() => ({}))) as { rows?: { waiting: number }[] };
      if (rows === undefined || rows.every((each) => each.waiting === 0)) return;
      await new Promise((done) => setTimeout(done, FILED_POLL_MS));
    }
  }

  private async sendFile(part: Part): Promise<IngestReport> {
    const answer = await this.ask(`/api/v1/uploads?source=${encodeURIComponent(part.source)}`, () => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(part.body)]), part.fileName);
      return { method: 'POST', headers: { cookie: this.cookie }, body: form };
    });
    if (!answer.ok) throw new SimulatorError(`to: the server refused ${part.source} of ${part.month} (${answer.status} ${await codeOf(answer)}).`);
    return (await answer.json()) as IngestReport;
  }

  private async sendEvents(part: Part): Promise<IngestReport> {
    const answer = await this.ask('/v1/batch', () => ({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${this.credentials.writeKey}:`).toString('base64')}`,
        cookie: this.cookie,
      },
      body: new Uint8Array(part.body),
    }));
    if (answer.status === 401) {
      // The files are worth having without the events; said once, counted as rejected.
      if (!this.isKeyRefused)
        process.stderr.write('xinglin: the events door does not know the write key; set XINGLIN_SIMULATE_WRITE_KEY. Events are left out.\n');
      this.isKeyRefused = true;
      await answer.arrayBuffer();
      return { accepted: 0, duplicate: 0, rejected: part.items, rejections: [] };
    }
    if (!answer.ok) throw new SimulatorError(`to: the server refused events of ${part.month} (${answer.status} ${await codeOf(answer)}).`);
    const { accepted, duplicate, rejected } = (await answer.json()) as Partial<IngestReport>;
    return { accepted: accepted ?? part.items, duplicate: duplicate ?? 0, rejected: rejected ?? 0, rejections: [] };
  }

  private async ask(path: string, request: () => RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(this.base + path, request());
        if (attempt === TRIES || (answer.status !== 429 && answer.status !== 502 && answer.status !== 503)) return answer;
        await answer.arrayBuffer();
      } catch (cause) {
        if (attempt === TRIES) throw new SimulatorError(`to: no answer from ${this.base}; start the server and try again.`, { cause });
      }
      await new Promise((done) => setTimeout(done, RETRY_FIRST_MS * 2 ** (attempt - 1)));
    }
  }
}

async function codeOf(answer: Response): Promise<string> {
  try {
    return String(((await answer.json()) as { code?: unknown }).code ?? '');
  } catch {
    return '';
  }
}
