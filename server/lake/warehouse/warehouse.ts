/** DuckDB over the live generation of facts. */
import { DIMENSIONS, FACT_NAMES, type FactName } from '@xinglin/contracts';
import { type Clock, invariant } from '../../kernel/index.ts';
import type { Db } from '../../platform/index.ts';
import type { QueryValue } from '../engine/convert.ts';
import { type Engine, identifier } from '../engine/duckdb.ts';
import type { FactFolder } from '../facts/fact-folder.ts';
import { type LiveFile, type Manifest, readGeneration, readManifest } from '../facts/manifest.ts';
import type { Warehouse } from '../types.ts';
import { loadTable, type PublishedColumn } from './published.ts';
import { type FactSource, factRelation, type Mentions, mentionsOf, relationName, withSteps } from './relations.ts';
import { dropTables, Held } from './tables.ts';
import { type FactFiles, type Losers, workOutLosers } from './winning.ts';

/** Commits of this process are known at once; those of another are looked for at most this often, and only when someone asks. */
const RECHECK_MS = 1000;

interface FactState {
  readonly files: FactFiles;
  readonly ids: string;
  readonly held: Held;
  losers: Promise<Losers> | null;
}
interface Snapshot {
  readonly generation: number;
  readonly facts: ReadonlyMap<FactName, FactState>;
}
interface PublishedRelation {
  readonly columns: readonly PublishedColumn[];
  readonly load: () => AsyncIterable<readonly unknown[]>;
  version: number;
  loaded: { version: number; table: string; held: Held } | null;
  loading: Promise<void> | null;
}
export interface WarehouseDeps {
  readonly engine: Engine;
  readonly db: Db;
  readonly clock: Clock;
  readonly folder: FactFolder;
}

export class DuckWarehouse implements Warehouse {
  readonly #deps: WarehouseDeps;
  readonly #published = new Map<string, PublishedRelation>();
  readonly #inUse = new Map<number, number>();
  #snapshot: Snapshot = { generation: -1, facts: new Map() };
  #known = 0;
  /** Starts at the time of start, so that a key kept over a restart is not taken for a later one. */
  #publications = Date.now();
  #isChanged = true;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #asOf: Date;
  #refreshing: Promise<void> | null = null;
  #tables = 0;

  constructor(deps: WarehouseDeps) {
    this.#deps = deps;
    this.#asOf = deps.clock.now();
  }

  query<R = Record<string, unknown>>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.composed(sql, (text) => this.#deps.engine.read<R>(text, params as readonly QueryValue[]));
  }

  /** The statement with its relations written in; what it reads stays until `use` is done. */
  async composed<T>(sql: string, use: (text: string, relations: number) => Promise<T>): Promise<T> {
    const mentions = mentionsOf(sql);
    await this.refresh();
    const names = this.#namesFor(mentions);
    for (const name of names) await this.#load(name);
    // From here to the first await nothing changes: what is taken now belongs together.
    const snapshot = this.#snapshot;
    const states = mentions.facts.map(({ fact }) => snapshot.facts.get(fact)).filter((state) => state !== undefined);
    const tables = new Map(names.map((name) => [name, this.#published.get(name)?.loaded ?? null] as const));
    const held = [...states.map((state) => state.held), ...[...tables.values()].flatMap((loaded) => (loaded === null ? [] : [loaded.held]))];
    for (const each of held) each.take();
    this.#inUse.set(snapshot.generation, (this.#inUse.get(snapshot.generation) ?? 0) + 1);
    try {
      const published = (name: string): string | undefined => tables.get(name)?.table;
      const steps: { name: string; sql: string }[] = [];
      for (const name of names) {
        const table = published(name);
        if (table !== undefined && mentions.has(name)) steps.push({ name, sql: `select * from ${identifier(table)}` });
      }
      for (const { fact, isHistory } of mentions.facts) {
        const source = await this.#source(fact, isHistory, snapshot);
        steps.push({ name: relationName(fact, isHistory), sql: factRelation(fact, isHistory, source, mentions, published) });
      }
      return await use(withSteps(sql, steps), steps.length);
    } finally {
      for (const each of held) each.giveBack();
      const left = (this.#inUse.get(snapshot.generation) ?? 1) - 1;
      if (left === 0) this.#inUse.delete(snapshot.generation);
      else this.#inUse.set(snapshot.generation, left);
    }
  }

  generation(): string {
    return `${this.#known}.${this.#publications}`;
  }

  asOf(): Date {
    return this.#asOf;
  }

  publish(name: string, columns: readonly PublishedColumn[], load: () => AsyncIterable<readonly unknown[]>): void {
    invariant(/^[a-z][a-z0-9_]*$/.test(name) && !name.startsWith('fact_'), 'a published relation has a plain name of its own');
    this.#published.get(name)?.loaded?.held.retire();
    this.#published.set(name, { columns, load, version: 1, loaded: null, loading: null });
    this.#publications += 1;
  }

  changed(name: string): void {
    const relation = this.#published.get(name);
    invariant(relation !== undefined, `${name} is published`);
    relation.version += 1;
    this.#publications += 1;
  }

  /** A commit of this process changed the list of files. */
  filesChanged(generation: number): void {
    this.#known = Math.max(this.#known, generation);
    this.#isChanged = true;
  }

  async refresh(): Promise<void> {
    if (this.#isFresh()) return;
    // One that began before may have missed what made this one necessary.
    await this.#refreshing;
    if (this.#isFresh()) return;
    this.#refreshing ??= this.#readManifest().finally(() => {
      this.#refreshing = null;
    });
    await this.#refreshing;
  }

  /** The files of the present snapshot, for metrics and compaction. */
  files(): readonly LiveFile[] {
    return [...this.#snapshot.facts.values()].flatMap(({ files }) => [...files.winners, ...files.fresh, ...files.superseded]);
  }

  /** No query of this process reads a generation before this one. */
  oldestGenerationInUse(): number {
    return Math.min(this.#snapshot.generation, ...this.#inUse.keys());
  }

  /** While the manifest is being read nothing is fresh: whoever asks meanwhile waits for it instead of reading the old generation. */
  #isFresh(): boolean {
    return this.#refreshing === null && !this.#isChanged && performance.now() - this.#checkedAt < RECHECK_MS;
  }

  async #readManifest(): Promise<void> {
    const { db, clock } = this.#deps;
    const now = clock.now();
    const wasChanged = this.#isChanged;
    this.#isChanged = false;
    try {
      if (wasChanged || (await readGeneration(db)) !== this.#snapshot.generation) this.#adopt(await readManifest(db));
    } catch (error) {
      this.#isChanged = true;
      throw error;
    }
    this.#checkedAt = performance.now();
    this.#asOf = now;
  }

  #adopt(manifest: Manifest): void {
    const facts = new Map<FactName, FactState>();
    for (const fact of FACT_NAMES) {
      const files = manifest.files.filter((file) => file.fact === fact);
      const ids = files.map((file) => file.id).join(' ');
      const before = this.#snapshot.facts.get(fact);
      if (before?.ids === ids) facts.set(fact, before);
      else {
        before?.held.retire();
        facts.set(fact, this.#newState(files, ids));
      }
    }
    this.#snapshot = { generation: manifest.generation, facts };
    this.#known = Math.max(this.#known, manifest.generation);
  }

  #newState(files: readonly LiveFile[], ids: string): FactState {
    const of = (kind: LiveFile['kind']): LiveFile[] => files.filter((file) => file.kind === kind);
    const state: FactState = {
      files: { winners: of('winners'), fresh: of('fresh'), superseded: of('superseded') },
      ids,
      held: new Held(() => {
        state.losers?.then(({ beatenKeys, lostRows }) => dropTables(this.#deps.engine, [beatenKeys, lostRows])).catch(() => {});
      }),
      losers: null,
    };
    return state;
  }

  async #source(fact: FactName, isHistory: boolean, snapshot: Snapshot): Promise<FactSource> {
    const state = snapshot.facts.get(fact);
    invariant(state !== undefined, 'a snapshot knows every fact');
    const { winners, fresh, superseded } = state.files;
    const select = async (files: readonly LiveFile[]): Promise<string | null> => (files.length === 0 ? null : await this.#deps.folder.select(fact, files));
    if (isHistory) return { winners: null, fresh: null, every: await select([...winners, ...fresh, ...superseded]), losers: NONE };
    return { winners: await select(winners), fresh: await select(fresh), every: null, losers: await this.#losers(fact, state) };
  }

  /** Worked out once per list of files, when a query first asks. */
  async #losers(fact: FactName, state: FactState): Promise<Losers> {
    const { engine, folder } = this.#deps;
    if (state.losers === null) {
      const name = `t${++this.#tables}_${fact}`;
      state.losers = engine.prepare((run) => workOutLosers(run, name, state.files, folder));
      state.losers.catch(() => {
        state.losers = null;
      });
    }
    return await state.losers;
  }

  /** Published relations the statement names, and those its facts are joined with. */
  #namesFor(mentions: Mentions): string[] {
    const hasFacts = mentions.facts.length > 0;
    const isJoined = (name: string): boolean =>
      (name === 'link' && mentions.asksFor('person_id')) || (name === 'dimension_map' && DIMENSIONS.some((dimension) => mentions.asksFor(dimension)));
    return [...this.#published.keys()].filter((name) => mentions.has(name) || (hasFacts && isJoined(name)));
  }

  async #load(name: string): Promise<void> {
    const relation = this.#published.get(name);
    if (relation === undefined) return;
    const wanted = relation.version;
    while ((relation.loaded?.version ?? 0) < wanted) {
      relation.loading ??= this.#loadNow(name, relation).finally(() => {
        relation.loading = null;
      });
      await relation.loading;
    }
  }

  async #loadNow(name: string, relation: PublishedRelation): Promise<void> {
    const { engine } = this.#deps;
    const { version } = relation;
    const table = `p${++this.#tables}_${name}`;
    try {
      await engine.withConnection((connection) => loadTable(connection, table, relation.columns, relation.load()));
    } catch (error) {
      dropTables(engine, [table]);
      throw error;
    }
    relation.loaded?.held.retire();
    relation.loaded = { version, table, held: new Held(() => dropTables(engine, [table])) };
  }
}
const NONE: Losers = { beatenKeys: null, lostRows: null };
