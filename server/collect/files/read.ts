/** One stored chunk of CSV rows → canonical statements. */
import type { Canonical, RawRecord, Reading } from '@xinglin/contracts';
import { authorityOf } from '../statement.ts';
import { type CsvRecord, CsvSplitter } from './csv.ts';
import type { Mapping } from './mapping.ts';
import { RowReader } from './row.ts';
import { isNoted } from './sheet.ts';

/** Rows of one chunk that name the same thing: the later stands. */
export function readCsv(record: RawRecord, mapping: Mapping): Reading {
  const delimiter = typeof record.meta['delimiter'] === 'string' ? record.meta['delimiter'] : ',';
  const records = recordsOf(record.body, delimiter);
  const facts = new Map<string, Canonical>();
  const quarantined: { item: number; code: string; reason: string; reasonZh: string }[] = [];
  let reader: RowReader | null = null;
  for (const [at, row] of records.entries()) {
    if (row.kind !== 'record') continue;
    if (reader === null) {
      reader = new RowReader(mapping, row.cells, record.stream.source, authorityOf(record.meta));
      continue;
    }
    const read = reader.read(row.cells);
    if (isNoted(read)) quarantined.push({ item: at - 1, ...read });
    else
      for (const each of read) {
        const key = `${each.fact} ${each.localId}`;
        if (facts.has(key)) facts.delete(key);
        facts.set(key, each);
      }
  }
  return { facts: [...facts.values()], acts: [], quarantined };
}

/** However long: the door has seen to that. */
function recordsOf(body: Uint8Array, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  const splitter = new CsvSplitter(delimiter, Number.POSITIVE_INFINITY);
  const taker = { record: (each: CsvRecord) => records.push(each) };
  splitter.push(body, taker);
  splitter.end(taker);
  return records;
}
