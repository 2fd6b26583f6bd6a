/**
 * DuckDBs of their own for rows that still name people: in memory, without anywhere to spill, emptied after each run and gone when none follows.
 * Making one, with its pipe, takes the event loop as long as reading some thousand rows, so one that was emptied is used again.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Places } from '../room.ts';
import { makePipe } from './feed.ts';
import { identifier, quoted } from './hmac.sql.ts';

/** A run of 16 MB of text with its derived columns; more fails, and the run is read row by row instead. */
const MEMORY_MB = 256;
const THREADS = 1;
/** Worked on at once: each takes one of Node's four threads for files, and what comes live is stored on those too. */
const ENGINES_MAX = 2;
const IDLE_MS = 10_000;

export class BulkEngines {
  readonly #folder: string;
  readonly #idle: { readonly engine: BulkEngine; readonly timer: NodeJS.Timeout }[] = [];
  readonly #places = new Places(ENGINES_MAX);
  readonly #leave = new Map<BulkEngine, () => void>();

  /** `folder` is the only place they may read from (their pipes) and write to (pseudonymous rows). */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Waits for one to be free; it is empty. Null where the system has no pipes. */
  async take(): Promise<BulkEngine | null> {
    const leave = await this.#places.take();
    let engine: BulkEngine | null = null;
    try {
      const idle = this.#idle.pop();
      clearTimeout(idle?.timer);
      engine = idle?.engine ?? (await BulkEngine.open(this.#folder));
    } finally {
      if (engine === null) leave();
      else this.#leave.set(engine, leave);
    }
    return engine;
  }

  /** To be taken again, when nothing went wrong in it. */
  async giveBack(engine: BulkEngine, isSound: boolean): Promise<void> {
    const leave = this.#leave.get(engine);
    this.#leave.delete(engine);
    try {
      if (isSound) await this.#keep(engine);
      else await engine.close();
    } finally {
      leave?.();
    }
  }

  async #keep(engine: BulkEngine): Promise<void> {
    try {
      await engine.empty();
    } catch {
      return await engine.close();
    }
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((each) => each.engine === engine),
        1,
      );
      void engine.close();
    }, IDLE_MS);
    this.#idle.push({ engine, timer: timer.unref() });
  }

  async close(): Promise<void> {
    for (const { engine, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      await engine.close();
    }
  }
}

export class BulkEngine {
  readonly #instance: DuckDBInstance;
  readonly #removePipe: () => Promise<void>;
  readonly connection: DuckDBConnection;
  /** Where it reads text from that exists only in memory (see `feed`). */
  readonly pipe: string;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, pipe: Awaited<ReturnType<typeof makePipe>>) {
    this.#instance = instance;
    this.#removePipe = pipe.remove;
    this.connection = connection;
    this.pipe = pipe.path;
  }

  static async open(folder: string): Promise<BulkEngine | null> {
    const pipe = await makePipe(folder).catch(() => null);
    if (pipe === null) return null;
    const instance = await DuckDBInstance.create(':memory:', {
      ...{ memory_limit: `${MEMORY_MB}MB`, threads: String(THREADS), temp_directory: '' },
      ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', allocator_flush_threshold: '8MB' },
    });
    const connection = await instance.connect();
    await connection.run(`set timezone = 'UTC'`);
    await connection.run(`set allowed_directories = [${quoted(folder)}]`);
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    return new BulkEngine(instance, connection, pipe);
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** For small results only. bigint → number. */
  async rows<R>(sql: string): Promise<R[]> {
    const reader = await this.connection.runAndReadAll(sql);
    return reader.getRowObjectsJS().map((row) => {
      for (const [name, value] of Object.entries(row)) if (typeof value === 'bigint') row[name] = Number(value);
      return row as R;
    });
  }

  /** Column after column: many rows without an object each. */
  async columns(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.connection.runAndReadAll(sql)).getColumnsJS();
  }

  async fill(table: string, columns: readonly (readonly (string | Uint8Array)[])[]): Promise<void> {
    const appender = await this.connection.createAppender(table);
    for (let row = 0; row < (columns[0]?.length ?? 0); row += 1) {
      for (const column of columns) {
        const value = column[row];
        if (typeof value === 'string') appender.appendVarchar(value);
        else if (value !== undefined) appender.appendBlob(value);
      }
      appender.endRow();
    }
    appender.closeSync();
  }

  /** Nothing of the rows is left. */
  async empty(): Promise<void> {
    const tables = await this.rows<{ name: string }>('select table_name as name from duckdb_tables()');
    await this.run(['drop view if exists said', ...tables.map(({ name }) => `drop table ${identifier(name)}`)].join('; '));
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.#instance.closeSync();
    await this.#removePipe();
  }
}
