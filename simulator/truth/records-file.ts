/**
 * The records of all people as each system holds them, in one file, for trying out linkage at any size: no visit is played. The answer lies in a file
 * of its own beside it, so that what links the records never reads who they are.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { dayDashed } from '../calendar.ts';
import { csvField } from '../doors/parts.ts';
import { peopleOf } from '../month.ts';
import type { Person } from '../people/person.ts';
import type { System } from '../people/records.ts';
import type { World } from '../world.ts';
import { type HeldRecord, recordsOf, truthOfRecord } from './people.ts';

export const RECORD_COLUMNS = [
  'record_id',
  'source',
  'mrn',
  'name',
  'sex',
  'birth_date',
  'document_type',
  'id_number',
  'insurance_number',
  'phone',
  'address',
] as const;
export const RECORD_TRUTH_COLUMNS = ['record_id', 'person', 'household', 'twin', 'dirt', 'linkable', 'role', 'mother', 'merged'] as const;

export interface RecordsWritten {
  readonly records: number;
  readonly people: number;
  readonly file: string;
  readonly truth: string;
}

/** Systems that show sex and day of birth; the others know a person by name, phone and number only. */
const SHOWS_BIRTH: ReadonlySet<System> = new Set(['his', 'his-second', 'lis', 'pacs']);
/** Characters gathered before they are written. */
const CHUNK = 1 << 18;
/** At most so many records a person: the number of a record is the person's times this, plus its place. */
const RECORDS_MAX = 8;
/** A record's number tells nothing of the person: multiplying by a number coprime to the modulus is one to one. */
const idOf = (person: number, place: number): string =>
  `R${String(((person * RECORDS_MAX + place) * 7_368_787 + 15_485_863) % 1_000_000_007).padStart(10, '0')}`;

export const truthFileOf = (file: string): string => `${file.replace(/\.csv$/i, '')}.truth.csv`;

/** Writes `file` and, beside it, `….truth.csv` with the same `record_id`s in the same order. */
export function writeRecords(world: World, file: string): RecordsWritten {
  mkdirSync(dirname(file), { recursive: true });
  const truth = truthFileOf(file);
  const [shown, answers] = [new Lines(file, RECORD_COLUMNS.join(',')), new Lines(truth, RECORD_TRUTH_COLUMNS.join(','))];
  let [records, people] = [0, 0];
  try {
    for (const { person, plan } of peopleOf(world)) {
      people++;
      recordsOf(world, person, plan).forEach((held, place) => {
        records++;
        const id = idOf(person.id, place);
        shown.add(`${id},${lineOf(person, held)}`);
        answers.add(`${id},${truthOfRecord(world, person, held)}`);
      });
    }
  } finally {
    shown.close();
    answers.close();
  }
  return { records, people, file, truth };
}

function lineOf(person: Person, { system, source, record }: HeldRecord): string {
  const born = SHOWS_BIRTH.has(system) ? [person.isMale ? 'M' : 'F', dayDashed(person.born)] : ['', ''];
  const { mrn, name, documentType, documentNumber, insuranceNumber, phone, address } = record;
  return [source, mrn, name, ...born, documentType, documentNumber, insuranceNumber, phone, address].map(csvField).join(',');
}

class Lines {
  private readonly handle: number;
  private text: string;

  constructor(file: string, head: string) {
    this.handle = openSync(file, 'w', 0o600);
    this.text = `${head}\n`;
  }

  add(line: string): void {
    this.text += `${line}\n`;
    if (this.text.length < CHUNK) return;
    writeSync(this.handle, this.text);
    this.text = '';
  }

  close(): void {
    writeSync(this.handle, this.text);
    closeSync(this.handle);
  }
}
