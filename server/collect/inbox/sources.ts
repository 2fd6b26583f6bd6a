/** Who delivers. A source is registered by hand with its names and owner, or by itself on first use. */
import { createHash, randomBytes } from 'node:crypto';
import { isCode } from '@xinglin/contracts';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { SourceRegistration } from '../types.ts';

/** Names of the sources the product itself speaks of; others show their code until someone names them. */
const KNOWN: Readonly<Record<string, readonly [string, string]>> = {
  hl7v2: ['HL7 文件', 'HL7 files'],
  fhir: ['FHIR 文件', 'FHIR files'],
  csv: ['表格文件', 'CSV files'],
  unrecognised: ['未识别文件', 'Unrecognised files'],
  loop: ['闭环回报', 'What comes back'],
  web: ['网站与应用', 'Website and app'],
  his: ['医院信息系统', 'Hospital information system'],
  lis: ['检验系统', 'Laboratory system'],
  ris: ['影像检查系统', 'Radiology system'],
  emr: ['电子病历', 'Electronic medical record'],
  doc: ['病历文书', 'Clinical documents'],
  device: ['设备', 'Devices'],
  booking: ['预约平台', 'Booking platform'],
  survey: ['满意度调查', 'Surveys'],
  complaint: ['投诉与表扬', 'Complaints and praise'],
  review: ['网络口碑', 'Online reviews'],
};

export interface Source {
  readonly source: string;
  readonly campusId: string;
  /** Whose record numbers it carries; null: the HIS's. */
  readonly mrnAuthority: string | null;
}

export class Sources {
  readonly #platform: Platform;
  readonly #known = new Map<string, Source>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get #orgId(): string {
    return this.#platform.config.orgId;
  }

  /** The source, registered now if it never was. Throws when the name is no code. */
  async use(source: string, by: string): Promise<Source> {
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    if (!isCode(source)) throw refuse('source-name', { source: source.slice(0, 40).replace(/[^\x20-\x7e]/g, '?') });
    const { config, clock, db } = this.#platform;
    const [zh, en] = KNOWN[source] ?? [source, null];
    await db.query(
      `insert into collect.source (org_id, source, campus_id, name_zh, name_en, owner, registered_at, registered_by)
       values ($1, $2, $3, $4, $5, null, $6, $7)
       on conflict (org_id, source) do nothing`,
      [this.#orgId, source, config.campusId, zh, en, clock.now(), by],
    );
    const row = await db.one<Omit<Source, 'source'>>(
      'select campus_id as "campusId", mrn_authority as "mrnAuthority" from collect.source where org_id = $1 and source = $2',
      [this.#orgId, source],
    );
    const found = { source, ...row };
    this.#known.set(source, found);
    return found;
  }

  async register(given: SourceRegistration, by: string): Promise<void> {
    if (!isCode(given.source)) throw refuse('source-name', { source: given.source.slice(0, 40).replace(/[^\x20-\x7e]/g, '?') });
    const { config, clock, db } = this.#platform;
    await db.query(
      `insert into collect.source (org_id, source, campus_id, name_zh, name_en, owner, registered_at, registered_by, mrn_authority)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (org_id, source) do update
       set name_zh = excluded.name_zh, name_en = excluded.name_en, owner = excluded.owner, campus_id = excluded.campus_id, mrn_authority = excluded.mrn_authority`,
      [this.#orgId, given.source, given.campusId ?? config.campusId, given.nameZh, given.nameEn, given.owner, clock.now(), by, given.mrnAuthority ?? null],
    );
    this.#known.delete(given.source);
  }

  /** Returned once; only its hash is kept. */
  async addWriteKey(source: string, { given, mayIdentify = false }: { given?: string; mayIdentify?: boolean } = {}): Promise<string> {
    const { campusId } = await this.use(source, 'write-key');
    const key = given ?? randomBytes(24).toString('base64url');
    await this.#platform.db.query(
      `insert into collect.write_key (key_hash, org_id, campus_id, source, may_identify, added_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (key_hash) do nothing`,
      [hashOf(key), this.#orgId, campusId, source, mayIdentify, this.#platform.clock.now()],
    );
    return key;
  }

  /** Null when the key is unknown or revoked. */
  async ofWriteKey(key: string): Promise<(Source & { readonly mayIdentify: boolean }) | null> {
    const row = await this.#platform.db.maybe<Source & { readonly mayIdentify: boolean }>(
      `select source, key.campus_id as "campusId", key.may_identify as "mayIdentify", source.mrn_authority as "mrnAuthority"
       from collect.write_key key join collect.source using (org_id, source)
       where key.key_hash = $1 and org_id = $2 and key.revoked_at is null`,
      [hashOf(key), this.#orgId],
    );
    return row ?? null;
  }
}

/** Write keys are long and random, so a plain hash cannot be turned back. */
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
