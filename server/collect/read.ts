/** One stored delivery → what it says. */
import type { RawRecord, Reading } from '@xinglin/contracts';
import { invariant } from '../kernel/index.ts';
import { readEvents } from './events/read.ts';
import { readFhir } from './fhir/read.ts';
import { readCsv } from './files/read.ts';
import { readHl7 } from './hl7v2/read.ts';
import type { SavedMappings } from './inbox/saved-mappings.ts';
import { readLoop } from './loop/read.ts';

const NOTHING: Reading = { facts: [], acts: [], quarantined: [] };

export async function readRecord(record: RawRecord, mappings: SavedMappings): Promise<Reading> {
  if (record.gap !== undefined) return NOTHING;
  switch (record.type) {
    case 'hl7v2':
      return readHl7(record);
    case 'fhir':
      return readFhir(record);
    case 'csv': {
      const name = record.meta['mapping'];
      invariant(typeof name === 'string', 'a stored CSV chunk names its mapping');
      return readCsv(record, await mappings.byName(name));
    }
    case 'events':
      return readEvents(record);
    case 'loop':
      return readLoop(record);
  }
}
