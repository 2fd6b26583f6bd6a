import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hl7Message } from '@medplum/core';
import { FACTS } from '@xinglin/contracts';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../kernel/index.ts';
import { recordOf } from '../testing/messages.ts';
import { acceptMessage } from './accept.ts';
import { decodeMessage } from './charset.ts';
import { Message } from './message.ts';
import { readHl7 } from './read.ts';
import { Hl7Splitter } from './split.ts';

const folder = join(projectRoot(), '../shared/data/hl7v2');

function messagesIn(path: string): Uint8Array[] {
  const splitter = new Hl7Splitter();
  return [...splitter.push(readFileSync(path)), ...splitter.end()].map((each) => {
    if (each.kind !== 'message') throw new Error(`${path} line ${each.line}: ${each.kind}`);
    return each.bytes;
  });
}

describe.skipIf(!existsSync(folder))('the public HL7 v2 messages (not present outside the build machines)', () => {
  const files = existsSync(folder) ? readdirSync(join(folder, 'fhir-converter')).map((name) => join(folder, 'fhir-converter', name)) : [];
  const all = [...files, join(folder, 'simhospital/messages.out')].flatMap((path) => (existsSync(path) ? messagesIn(path) : []));

  it('are all found and all taken: 139 files and a day of 1,013 messages', () => {
    expect([files.length, all.length]).toEqual([139, 139 + 1013]);
    expect(all.map((bytes) => acceptMessage(bytes)).filter((each) => 'reasonZh' in each)).toEqual([]);
  });

  it('are all read, into columns the facts have', () => {
    const counts: Record<string, number> = {};
    const wrong: string[] = [];
    for (const bytes of all) {
      const accepted = acceptMessage(bytes);
      if ('code' in accepted) throw new Error(accepted.reason);
      for (const fact of readHl7(recordOf('hl7v2', accepted.body, accepted.meta)).facts) {
        counts[fact.fact] = (counts[fact.fact] ?? 0) + 1;
        const columns: readonly string[] = FACTS[fact.fact].map((each) => each.name);
        const strange = Object.keys(fact.values).filter((name) => !columns.includes(name));
        if (strange.length > 0 || Number.isNaN(Date.parse(fact.occurredAt)) || fact.localId === '') wrong.push(`${fact.fact} ${strange.join()}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(counts).toMatchObject({ person_record: 1157, encounter: 444, condition: 53, procedure: 39, medication: 18, appointment: 15 });
  });

  it('say the same to another parser, segment by segment and field by field', () => {
    let fields = 0;
    const different: string[] = [];
    for (const bytes of all) {
      const { text, charset } = decodeMessage(bytes);
      const ours = Message.parse(text, charset);
      const theirs = Hl7Message.parse(text.replace(/\r\n|\n/g, '\r'));
      if (ours?.segments.map((each) => each.name).join() !== theirs.segments.map((each) => each.name).join()) different.push('segments');
      for (const [at, segment] of (ours?.segments ?? []).entries()) {
        if (segment.name === 'MSH') continue;
        const other = theirs.segments[at];
        for (let field = 1; field < (other?.fields.length ?? 0); field += 1) {
          fields += 1;
          const raw = other?.getField(field)?.toString() ?? '';
          const isSame =
            segment.raw(field) === raw && (raw === '""' || raw.includes('\\') || segment.get(field) === (other?.getComponent(field, 1, 0, 0) ?? '').trim());
          if (!isSame) different.push(`${segment.name}-${field}`);
        }
      }
    }
    expect(different).toEqual([]);
    expect(fields).toBeGreaterThan(20_000);
  });
});
