/**
 * DuckDBs of their own for rows that still name people: in memory, without anywhere to spill, emptied after each run and gone when none follows.
 * Making one, with its pipe, takes the event loop as long as reading some thousand rows, so one that was emptied is used again.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Slots } from '../../../kernel/index.ts';
import { makePipe } from './feed.ts';
import { identifier, quoted } from './keys.sql.ts';

/** A run of 16 MB of text with its derived columns; more fails, and the run is read row by row instead. */
const MEMORY_MB = 256;
const THREADS = 1;
/** Worked on at once: each takes one of Node's four threads for files, and what comes live is stored on those too. */
const ENGINES_MAX = 2;
const IDLE_MS = 10_000;

interface Seat {
  /** Empty, and closed when nobody comes. */
  idle: BulkEngine | null;
  timer?: NodeJS.Timeout;
}

export class BulkEngines {
  readonly #folder: string;
  readonly #seats = Array.from({ length: ENGINES_MAX }, (): Seat => ({ idle: null }));
  readonly #free = new Slots(this.#seats);

  /** `folder` is the only place they may read from (their pipes) and write to (pseudonymous rows). */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Works in an empty engine, as soon as one is free. Null where the system has no pipes. An engine in which `work` came to nothing is not used
   * again.
   */
  use<T>(work: (engine: BulkEngine) => Promise<T | null>): Promise<T | null> {
    return this.#free.use(async (seat) => {
      clearTimeout(seat.timer);
      const engine = seat.idle ?? (await BulkEngine.open(this.#folder));
      seat.idle = null;
      if (engine === null) return null;
      try {
        const result = await work(engine);
        if (result !== null)
          seat.idle = await engine.empty().then(
            () => engine,
            () => null,
          );
        return result;
      } finally {
        if (seat.idle === null) await engine.close();
        else seat.timer = setTimeout(() => void leave(seat), IDLE_MS).unref();
      }
    });
  }

  async close(): Promise<void> {
    for (const seat of this.#seats) await leave(seat);
  }
}

async function leave(seat: Seat): Promise<void> {
  clearTimeout(seat.timer);
  const { idle } = seat;
  seat.idle = null;
  await idle?.close();
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
