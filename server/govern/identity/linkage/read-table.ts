/** CSV and Parquet files as columns of text, read by an in-memory DuckDB that may not spill: names never touch the disk. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { Table } from './columns.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** All files as one table: columns of the same name are one column. Rejects with the reader's own message. */
export async function readTable(files: readonly string[]): Promise<{ table: Table; rowsPerFile: readonly number[] }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB', temp_directory: '' });
  const connection = await instance.connect();
  try {
    const columns = new Map<string, (string | null)[]>();
    const rowsPerFile: number[] = [];
    let length = 0;
    for (const file of files) {
      const source = /\.parquet$/i.test(file) ? `read_parquet(${quoted(file)})` : `read_csv(${quoted(file)}, all_varchar = true, header = true)`;
      const names = (await connection.runAndReadAll(`describe select * from ${source}`)).getRows().map((row) => String(row[0]));
      const list = names.map((name) => `cast("${name.replaceAll('"', '""')}" as varchar)`).join(', ');
      const read = await connection.runAndReadAll(`select ${list} from ${source}`);
      read.getColumns().forEach((values, at) => {
        const name = (names[at] ?? '').trim();
        const column = columns.get(name) ?? new Array<string | null>(length).fill(null);
        columns.set(name, column);
        for (const value of values) column.push(value === null ? null : String(value).trim());
      });
      length += read.currentRowCount;
      rowsPerFile.push(read.currentRowCount);
      for (const column of columns.values()) while (column.length < length) column.push(null);
    }
    return { table: { names: [...columns.keys()], columns, length }, rowsPerFile };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
