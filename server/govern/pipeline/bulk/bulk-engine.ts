/** A DuckDB of its own for rows that still name people: in memory, without anywhere to spill, gone after each use. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A run of 16 MB of text with its derived columns; more fails, and the run is read row by row instead. */
const MEMORY_MB = 256;
/** Two runs are worked on at once. */
const THREADS = 1;

export class BulkEngine {
  readonly #instance: DuckDBInstance;
  readonly connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  /** `folder` is the only place it may read from (the pipe) and write to (pseudonymous rows). */
  static async open(folder: string): Promise<BulkEngine> {
    const instance = await DuckDBInstance.create(':memory:', {
      ...{ memory_limit: `${MEMORY_MB}MB`, threads: String(THREADS), temp_directory: '' },
      ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', allocator_flush_threshold: '8MB' },
    });
    const connection = await instance.connect();
    await connection.run(`set timezone = 'UTC'`);
    await connection.run(`set allowed_directories = ['${folder.replaceAll("'", "''")}']`);
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    return new BulkEngine(instance, connection);
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

  close(): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}
