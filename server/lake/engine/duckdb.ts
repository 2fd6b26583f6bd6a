/** DuckDB in this process, in memory: how statements are run, values travel and failures are named. Nothing else in the lake talks to it. */
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue, type JS } from '@duckdb/node-api';
import { Slots } from '../../kernel/index.ts';
import { convertRow, type QueryValue, toDuckDb, typeOf } from './convert.ts';
import { engineRefusal, TooManyRows } from './engine-errors.ts';

/**
 * Statements run on the thread pool Node shares with files and sockets (4 threads unless UV_THREADPOOL_SIZE says otherwise). Two for
 * readers, so a slow query does not hold up the next, and one for writers leave one for the raw zone's syncs.
 */
const READERS = 2;
const WRITERS = 1;
/** Rows one query may give; more belongs into an aggregate or an export. 200 k rows take about 2 s to become objects. */
export const QUERY_ROWS_MAX = 200_000;
/** A page nobody waits for any more should not keep the engine busy. */
export const QUERY_SECONDS_MAX = 120;

export interface EngineOptions {
  readonly memoryMb: number;
  readonly threads: number;
  /** Where it may spill; null: nowhere, it fails instead. */
  readonly spillFolder: string | null;
  /** The only folders it may read or write. */
  readonly folders: readonly string[];
}
/** One statement after another on one connection. */
export type Run = <R = Record<string, JS>>(sql: string, params?: readonly QueryValue[]) => Promise<R[]>;

export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #readers: Slots<DuckDBConnection>;
  readonly #writers: Slots<DuckDBConnection>;
  readonly #memoryMb: number;

  private constructor(instance: DuckDBInstance, readers: DuckDBConnection[], writers: DuckDBConnection[], memoryMb: number) {
    this.#instance = instance;
    this.#readers = new Slots(readers);
    this.#writers = new Slots(writers);
    this.#memoryMb = memoryMb;
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryMb}MB`,
      threads: String(options.threads),
      temp_directory: options.spillFolder ?? '',
      // Nothing is fetched from the network.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // The system caches files already; and what was freed goes back to it after each larger statement (100 MB less in the demo).
      enable_external_file_cache: 'false',
      allocator_flush_threshold: '8MB',
    });
    const connect = (count: number): Promise<DuckDBConnection[]> => Promise.all(Array.from({ length: count }, () => instance.connect()));
    const [readers, writers] = [await connect(READERS), await connect(WRITERS)];
    const [first] = readers as [DuckDBConnection];
    // Facts carry UTC; the zone of the machine must not shift them.
    await first.run(`set global timezone = 'UTC'`);
    await first.run(`set allowed_directories = [${options.folders.map(literal).join(', ')}]`);
    await first.run('set enable_external_access = false');
    await first.run('set lock_configuration = true');
    return new Engine(instance, readers, writers, options.memoryMb);
  }

  /** For queries: result rows are capped and so is the time. */
  read<R = Record<string, JS>>(sql: string, params: readonly QueryValue[] = []): Promise<R[]> {
    return this.#readers.use(async (connection) => {
      const timer = setTimeout(() => connection.interrupt(), QUERY_SECONDS_MAX * 1000);
      try {
        return await this.#run<R>(connection, sql, params, QUERY_ROWS_MAX);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** A few statements by one reader, for small preparations a query needs. */
  prepare<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#readers.use((connection) => work((sql, params = []) => this.#run(connection, sql, params, QUERY_ROWS_MAX)));
  }

  /** Statements that write files or move many rows, one such piece of work at a time. */
  write<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#writers.use((connection) => work((sql, params = []) => this.#run(connection, sql, params, QUERY_ROWS_MAX)));
  }

  /** For loading rows and registering functions. */
  withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#readers.use(work);
  }

  async close(): Promise<void> {
    for (const connection of [...(await this.#readers.drain()), ...(await this.#writers.drain())]) connection.disconnectSync();
    this.#instance.closeSync();
  }

  async #run<R>(connection: DuckDBConnection, sql: string, params: readonly QueryValue[], rowsMax: number): Promise<R[]> {
    try {
      const values = params.map(toDuckDb) as DuckDBValue[];
      const result = await connection.stream(sql, values, params.map(typeOf) as never);
      const names = result.deduplicatedColumnNames();
      const rows: R[] = [];
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        for (const row of chunk.getRows()) rows.push(convertRow(names, row) as R);
        if (rows.length > rowsMax) {
          connection.interrupt();
          throw new TooManyRows();
        }
      }
      return rows;
    } catch (error) {
      throw engineRefusal(error, { megabytes: this.#memoryMb, seconds: QUERY_SECONDS_MAX, rowsMax });
    }
  }
}

/**
 * What DuckDB and everything else in the process freed goes back to the machine: an engine does so when it is closed (it empties its own allocator
 * and calls `malloc_trim`), so an empty one is opened and closed. Node has no call for it.
 */
export async function giveFreedBack(): Promise<void> {
  (await DuckDBInstance.create(':memory:', { threads: '1' })).closeSync();
}

/** A string as SQL, for what cannot be a parameter (file names we made ourselves). */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
