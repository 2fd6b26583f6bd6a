/** One stored chunk of CSV rows → canonical statements. */
import type { Canonical, RawRecord, Reading } from '@xinglin/contracts';
import { authorityOf } from '../statement.ts';
import { textOfBytes } from '../text.ts';
import { CsvSplitter } from './csv.ts';
import type { Mapping } from './mapping.ts';
import { RowReader } from './row.ts';
import { isNoted } from './sheet.ts';

/** Rows of one chunk that name the same thing: the later stands. */
export function readCsv(record: RawRecord, mapping: Mapping): Reading {
  const delimiter = typeof record.meta['delimiter'] === 'string' ? record.meta['delimiter'] : ',';
  const splitter = new CsvSplitter(delimiter, Number.POSITIVE_INFINITY);
  const records = [...splitter.push(textOfBytes(record.body)), ...splitter.end()];
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
        facts.delete(key);
        facts.set(key, each);
      }
  }
  return { facts: [...facts.values()], acts: [], quarantined };
}
