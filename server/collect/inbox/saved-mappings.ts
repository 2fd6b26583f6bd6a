/** Mappings by name: those the product ships and those the hospital saved. */
import { readFile } from 'node:fs/promises';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { type Mapping, mappingName, readMapping } from '../files/mapping.ts';
import { SHIPPED, shippedByName } from '../files/mappings/index.ts';

export class SavedMappings {
  readonly #platform: Platform;
  readonly #byName = new Map<string, Mapping>(shippedByName);

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Everything a header may be recognised by: the newest edition of each id; a hospital's own comes before a shipped one. */
  async all(): Promise<Mapping[]> {
    const rows = await this.#platform.db.query<{ content: Mapping }>(
      'select distinct on (id) content from collect.mapping where org_id = $1 order by id, edition desc',
      [this.#platform.config.orgId],
    );
    const own = rows.map((each) => each.content);
    const ids = new Set(own.map((each) => each.id));
    return [...own, ...SHIPPED.filter((each) => !ids.has(each.id))];
  }

  /** The one a stored delivery names. Throws when it is not there: that database is not the one the delivery belongs to. */
  async byName(name: string): Promise<Mapping> {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const [id, edition] = name.split('@');
    const row = await this.#platform.db.maybe<{ content: Mapping }>('select content from collect.mapping where org_id = $1 and id = $2 and edition = $3', [
      this.#platform.config.orgId,
      id ?? '',
      Number(edition),
    ]);
    if (row === undefined) throw await this.#unknown(name);
    this.#byName.set(name, row.content);
    return row.content;
  }

  /** What a person gave: a file (only where files of this machine may be read), an id, or `id@edition`. */
  async given(text: string, by: string, mayReadFile: boolean): Promise<Mapping> {
    if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}@\d{1,4}$/.test(text)) return this.byName(text);
    const byId = (await this.all()).find((each) => each.id === text);
    if (byId !== undefined) return byId;
    if (!mayReadFile) throw await this.#unknown(text);
    let content: string;
    try {
      content = await readFile(text, 'utf8');
    } catch {
      throw await this.#unknown(text);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(content.replace(/^\ufeff/, ''));
    } catch (cause) {
      throw refuse('mapping-file', {}, cause);
    }
    return this.save(readMapping(parsed), by);
  }

  async save(mapping: Mapping, by: string): Promise<Mapping> {
    const { db, config, clock } = this.#platform;
    const name = mappingName(mapping);
    const content = JSON.stringify(mapping);
    if (shippedByName.has(name)) {
      if (JSON.stringify(shippedByName.get(name)) !== content) throw refuse('mapping-changed', { mapping: name });
      return mapping;
    }
    const made = await db.query(
      `insert into collect.mapping (org_id, campus_id, id, edition, content, saved_at, saved_by)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7)
       on conflict do nothing returning id`,
      [config.orgId, config.campusId, mapping.id, mapping.edition, content, clock.now(), by],
    );
    if (made.length === 0) {
      const same = await db.one<{ same: boolean }>('select content = $4::jsonb as same from collect.mapping where org_id = $1 and id = $2 and edition = $3', [
        config.orgId,
        mapping.id,
        mapping.edition,
        content,
      ]);
      if (!same.same) throw refuse('mapping-changed', { mapping: name });
    }
    this.#byName.set(name, mapping);
    return mapping;
  }

  async #unknown(name: string): Promise<Error> {
    const known = (await this.all()).map((each) => each.id).join(', ');
    return refuse('mapping-unknown', { mapping: /^[\x21-\x7e]{1,60}$/.test(name) ? name : '?', known });
  }
}
