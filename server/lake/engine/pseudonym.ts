import { type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';

/**
 * Makes `pseudonym(part, …)` known to the engine: texts in, the key of the parts out as UUID text; null when a part is null.
 * It runs in this process, a few thousand rows at a call (about 300 k rows/s, most of it the HMAC).
 */
export function registerPseudonym(connection: DuckDBConnection, keyOf: (parts: string[]) => string): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name: 'pseudonym',
      varArgsType: VARCHAR,
      returnType: VARCHAR,
      mainFunction: (_info, input, output) => {
        const columns = Array.from({ length: input.columnCount }, (_, at) => input.getColumnVector(at));
        for (let row = 0; row < input.rowCount; row++) {
          const parts = columns.map((column) => column.getItem(row) as string | null);
          output.setItem(row, parts.some((part) => part === null) ? null : keyOf(parts as string[]));
        }
        output.flush();
      },
    }),
  );
}
