import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AppendOutcome, type RawDelivery, REJECTIONS_LISTED_MAX } from '@xinglin/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import { gb18030, hl7, PID } from '../testing/messages.ts';
import { type OpenCollect, openCollect } from '../testing/open-collect.ts';
import type { IngestOptions } from '../types.ts';

let open: OpenCollect | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});
const start = async (options: Parameters<typeof openCollect>[0] = {}): Promise<OpenCollect> => (open = await openCollect(options));
const ingest = (given: OpenCollect, paths: string[], more: Partial<IngestOptions> = {}) =>
  given.collect.ingest({ paths, source: null, mapping: null, by: 'cli', ...more });

const messages = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => hl7('ADT^A08', [PID.replace('P1001', `P${from + n}`)], { id: `M${from + n}` })).join('');
const patients = (from: number, to: number): string => Array.from({ length: to - from }, (_, n) => `{"resourceType":"Patient","id":"p${from + n}"}\n`).join('');
const REVIEW = '评价编号,平台,类型,评分,内容,发布时间';
const reviews = (from: number, to: number): string => Array.from({ length: to - from }, (_, n) => `W${from + n},微博,评价,5,很好,2025-03-01\n`).join('');

describe('ingest', () => {
  it('takes files and folders in name order, each by what it is, into the stream of its source', async () => {
    const here = await start();
    here.file('all/b.ndjson', patients(0, 3));
    here.file('all/a.hl7', messages(0, 2));
    here.file('all/inner/c.csv', gb18030(`${REVIEW}\n${reviews(0, 4)}`));
    here.file('all/.hidden', 'x');
    const path = join(here.file('all/z.txt', 'words'), '..');
    const seen: string[] = [];
    const report = await ingest(here, [path], { onProgress: ({ file }) => seen.push(file.slice(path.length + 1)) });
    expect(report).toMatchObject({
      accepted: 9,
      duplicate: 0,
      rejected: 1,
      rejections: [{ file: join(path, 'z.txt'), line: null, code: 'collect.unknown-kind' }],
    });
    expect([...new Set(seen)]).toEqual(['a.hl7', 'b.ndjson', 'inner/c.csv', '']);
    const stored = await here.stored();
    expect(stored.map((each) => [each.stream.source, each.stream.lane, each.type, each.items]).sort()).toEqual([
      ['csv', 'bulk', 'csv', 4],
      ['fhir', 'bulk', 'fhir', 1],
      ['fhir', 'bulk', 'fhir', 1],
      ['fhir', 'bulk', 'fhir', 1],
      ['hl7v2', 'bulk', 'hl7v2', 1],
      ['hl7v2', 'bulk', 'hl7v2', 1],
    ]);
    for (const record of stored) expect((await here.collect.read(record)).facts.length).toBeGreaterThan(0);
    expect((await here.collect.log.sources()).map((each) => [each.source, each.accepted, each.rejected, each.waiting]).sort()).toEqual([
      ['csv', 4, 0, 4],
      ['fhir', 3, 0, 3],
      ['hl7v2', 2, 0, 2],
      ['unrecognised', 0, 1, 0],
      ['web', 0, 0, 0],
    ]);
  });

  it('again: nothing is accepted, and the same is refused with the same words', async () => {
    const here = await start();
    const paths = [
      here.file('mixed.hl7', `PID|1\r${messages(0, 3)}${hl7('ADT^A08', [PID], { id: '' })}${messages(3, 5)}`),
      here.file('broken.json', '{"resourceType":"Bundle","type":"batch","entry":[{"resource":'),
      here.file('rows.csv', `${REVIEW}\n${reviews(0, 3)}W9,微博,评价,五星,很好,2025-03-01\nW10,微博,评价\n`),
      here.file('wrong.csv', 'Spalte1,Spalte2\n1,2\n'),
      here.file('picture.hl7', Buffer.from('89504e470d0a1a0a', 'hex')),
      here.file('empty.csv', ''),
    ];
    const first = await ingest(here, paths);
    expect([first.accepted, first.duplicate, first.rejected]).toEqual([8, 0, 8]);
    expect(first.rejections.map((each) => [each.file.split('/').at(-1), each.line, each.code])).toEqual([
      ['mixed.hl7', 1, 'collect.hl7-no-msh'],
      ['mixed.hl7', 8, 'collect.hl7-no-control-id'],
      ['broken.json', 1, 'collect.json-broken'],
      ['rows.csv', 5, 'collect.csv-number'],
      ['rows.csv', 6, 'collect.csv-columns'],
      ['wrong.csv', 1, 'collect.csv-no-header'],
      ['picture.hl7', null, 'collect.not-text'],
      ['empty.csv', null, 'collect.empty'],
    ]);
    const again = await ingest(here, paths);
    expect([again.accepted, again.duplicate, again.rejected]).toEqual([0, 8, 8]);
    expect(again.rejections).toEqual(first.rejections);
    const totals = (await here.collect.log.sources()).reduce(
      (sum, each) => ({ accepted: sum.accepted + each.accepted, rejected: sum.rejected + each.rejected }),
      { accepted: 0, rejected: 0 },
    );
    expect(totals).toEqual({ accepted: 8, rejected: 8 });
  });

  it('the same content under another name, in another file or by upload is a repetition', async () => {
    const here = await start();
    await ingest(here, [here.file('a.hl7', messages(0, 3))]);
    expect(await ingest(here, [here.file('other-name.txt', messages(0, 3))])).toMatchObject({ accepted: 0, duplicate: 3 });
    expect(await ingest(here, [here.file('more.hl7', messages(1, 5))])).toMatchObject({ accepted: 2, duplicate: 2 });
    const bytes = (async function* () {
      for (const byte of [messages(0, 1), messages(1, 6)]) yield Buffer.from(byte);
    })();
    expect(await here.collect.ingestStream({ name: 'up.hl7', bytes, source: 'hl7v2', mapping: null, by: 'someone' })).toMatchObject({
      accepted: 1,
      duplicate: 5,
    });
    expect(await ingest(here, [here.file('a2.hl7', messages(0, 3))], { source: 'his' })).toMatchObject({ accepted: 3 });
  });

  it('an edited CSV updates what changed and nothing else', async () => {
    const here = await start();
    const before = `${REVIEW}\n${reviews(0, 6000)}`;
    expect(await ingest(here, [here.file('r.csv', before)])).toMatchObject({ accepted: 6000 });
    const report = await ingest(here, [here.file('r.csv', before.replace('W3000,微博,评价,5', 'W3000,微博,评价,1'))]);
    expect(report.accepted).toBeLessThanOrEqual(4000);
    expect(report.accepted + report.duplicate).toBe(6000);
    const facts = (await Promise.all((await here.stored()).map((record) => here.collect.read(record)))).flatMap((reading) => reading.facts);
    expect(facts.filter((each) => each.localId === 'W3000').map((each) => each.values['rating'])).toEqual([5, 1]);
  });

  it('a path that is not there, a source that is no code and an unknown mapping refuse the whole run before anything is taken', async () => {
    const here = await start();
    const good = here.file('a.hl7', messages(0, 1));
    await expect(ingest(here, [good, '/nowhere/张三.hl7'])).rejects.toMatchObject({ code: 'collect.not-found', message: expect.not.stringContaining('张三') });
    await expect(ingest(here, [good], { source: '张三' })).rejects.toMatchObject({ code: 'collect.source-name' });
    await expect(ingest(here, [good], { mapping: 'no-such' })).rejects.toMatchObject({
      code: 'collect.mapping-unknown',
      message: expect.stringContaining('bookings'),
    });
    expect(await here.stored()).toEqual([]);
  });

  it('a mapping file is saved and named by what it reads; its edition cannot change', async () => {
    const here = await start();
    const mapping = {
      id: 'own',
      edition: 1,
      fact: 'review',
      naturalKey: ['no'],
      occurredAt: 'at',
      columns: { rating: 'stars' },
      constants: { platform: 'other', kind: 'review' },
    };
    const path = here.file('own.json', JSON.stringify(mapping));
    const csv = here.file('own.csv', 'no,at,stars\n1,2025-03-01,4\n');
    expect(await ingest(here, [csv], { mapping: path })).toMatchObject({ accepted: 1 });
    const [record] = await here.stored();
    expect(record?.meta).toMatchObject({ mapping: 'own@1', line: 2 });
    expect((await (await here.restarted()).read(record as never)).facts[0]?.values).toEqual({ platform: 'other', kind: 'review', rating: 4 });
    await expect(ingest(here, [csv], { mapping: here.file('own2.json', JSON.stringify({ ...mapping, columns: {} })) })).rejects.toMatchObject({
      code: 'collect.mapping-changed',
    });
    await expect(ingest(here, [csv], { mapping: here.file('own3.json', '{') })).rejects.toMatchObject({ code: 'collect.mapping-file' });
    expect(await ingest(here, [here.file('next.csv', 'no,at,stars\n2,2025-03-01,5\n')])).toMatchObject({ accepted: 1 });
  });

  it('lists only so many refusals and counts them all', async () => {
    const here = await start();
    const path = here.file('bad.csv', `${REVIEW}\n${'W1,微博,评价,5,很好,never\n'.repeat(1500)}`);
    const report = await ingest(here, [path]);
    expect([report.rejected, report.rejections.length]).toEqual([1500, REJECTIONS_LISTED_MAX]);
    expect((await ingest(here, [path])).rejections).toEqual(report.rejections);
  });
});

describe('a crash in the middle', () => {
  /** A lake whose process dies at the nth append: before it, or after it and before it is counted. */
  const dying = (at: number, isAfter: boolean) => {
    let appends = 0;
    let hasDied = false;
    const wrapLake = (lake: Lake): Lake => ({
      ...lake,
      cursor: (stream) => lake.cursor(stream),
      raw: {
        append: async (deliveries: readonly RawDelivery[]): Promise<AppendOutcome[]> => {
          appends += 1;
          if (hasDied || (appends === at && !isAfter)) {
            hasDied = true;
            throw new Error('killed');
          }
          const outcomes = await lake.raw.append(deliveries);
          if (appends === at) {
            hasDied = true;
            throw new Error('killed');
          }
          return outcomes;
        },
        read: (...args) => lake.raw.read(...args),
        streams: () => lake.raw.streams(),
        onAppend: (listener) => lake.raw.onAppend(listener),
        hashOf: (delivery) => lake.raw.hashOf(delivery),
      },
    });
    return { wrapLake };
  };

  it.each([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
    [3, true],
  ])('at append %i (after it: %s) leaves every count as if nothing had happened, once run again', async (at, isAfter) => {
    const here = await start(dying(at, isAfter));
    // Two batches of new ones, a repetition within the file, and refusals before, between and after.
    const content = `PID|1\r${messages(0, 1300)}${messages(0, 1)}${hl7('ADT^A08', [PID], { id: '' })}${messages(1300, 2500)}${hl7('ADT^A08', [], { id: '' })}`;
    const path = here.file('many.hl7', content);
    await expect(ingest(here, [path])).rejects.toThrow('killed');
    const after = await here.restarted();
    const report = await after.ingest({ paths: [path], source: null, mapping: null, by: 'cli' });
    expect(report.accepted + report.duplicate).toBe(2501);
    expect(report.rejected).toBe(3);
    expect((await here.stored()).length).toBe(2500);
    const [total] = (await after.log.sources()).filter((each) => each.source === 'hl7v2');
    expect(total).toMatchObject({ accepted: 2500, duplicate: 1, rejected: 3 });
    expect(await after.log.deliveries('hl7v2', null, 10)).toMatchObject([
      { accepted: 2500, duplicate: 1, rejected: 3, isComplete: true, fileName: expect.any(String) },
    ]);
    expect((await after.log.rejections('hl7v2', null, 10)).length).toBe(3);
    const again = await after.ingest({ paths: [path], source: null, mapping: null, by: 'cli' });
    expect([again.accepted, again.duplicate, again.rejections]).toEqual([0, 2501, report.rejections]);
  });

  it('of an upload is counted too, and the upload sent again brings the rest', async () => {
    const here = await start(dying(2, true));
    const upload = (collect: OpenCollect['collect']) =>
      collect.ingestStream({
        name: 'up.ndjson',
        source: 'emr',
        mapping: null,
        by: 'u',
        bytes: (async function* () {
          for (let n = 0; n < 2500; n += 50) yield Buffer.from(patients(n, n + 50));
        })(),
      });
    await expect(upload(here.collect)).rejects.toThrow('killed');
    here.clock.advanceTo(new Date(here.clock.now().getTime() + 1000));
    const after = await here.restarted();
    const report = await upload(after);
    expect(report.accepted + report.duplicate).toBe(2500);
    const [total] = (await after.log.sources()).filter((each) => each.source === 'emr');
    expect(total?.accepted).toBe(2500);
    expect((await after.log.deliveries('emr', null, 10)).map((each) => [each.accepted, each.isComplete])).toEqual([
      [report.accepted, true],
      [2500 - report.accepted, false],
    ]);
  });
});

const shared = join(projectRoot(), '../shared/data');
describe.skipIf(!existsSync(shared))('the public data (not present outside the build machines)', () => {
  it('goes in or is refused with a reason; run again nothing is accepted and the same is refused', async () => {
    const here = await start();
    const paths = [join(shared, 'hl7v2'), join(shared, 'fhir')];
    const first = await ingest(here, paths);
    expect([first.accepted, first.duplicate, first.rejected]).toEqual([12_572, 10, 4]);
    const again = await ingest(here, paths);
    expect([again.accepted, again.duplicate]).toEqual([0, 12_582]);
    expect(again.rejections).toEqual(first.rejections);
  });
});
