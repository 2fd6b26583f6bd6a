import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FhirItem, FhirSplitter } from './split.ts';

const split = (chunks: readonly (Uint8Array | string)[], { isLines = false, limits = { line: 1 << 20, text: 1 << 22 } } = {}): FhirItem[] => {
  const splitter = new FhirSplitter(isLines, limits);
  return [...chunks.flatMap((chunk) => splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)), ...splitter.end()];
};
const shown = (items: readonly FhirItem[]): unknown[] =>
  items.map((each) => (each.kind === 'resource' ? [each.line, Buffer.from(each.body).toString()] : [each.line, each.code]));
const patient = (id: string): string => `{"resourceType":"Patient","id":"${id}","name":[{"text":"张三"}]}`;
const observation = (id: string, subject: string): string =>
  `{"resourceType":"Observation","id":"${id}","status":"final","code":{"text":"x"},"subject":{"reference" : "${subject}"}}`;
const bundle = (type: string, entries: readonly string[]): string =>
  `{\n  "resourceType": "Bundle",\n  "type": "${type}",\n  "entry": [\n${entries.join(',\n')}\n  ]\n}\n`;
const post = (resource: string, fullUrl: string): string => `    {"fullUrl":"${fullUrl}","resource":${resource},"request":{"method":"POST","url":"X"}}`;

describe('NDJSON', () => {
  it('is one resource a line, bytes as sent; a broken line never takes the next with it', () => {
    const lines = [patient('a'), '{"resourceType":"Patient","id":', '', `  ${patient('b')}  `, '{"eventId":"kickoff"}', 'not json', patient('c')];
    expect(shown(split([`${lines.join('\r\n')}\n`]))).toEqual([
      [1, patient('a')],
      [2, 'collect.json-broken'],
      [4, patient('b')],
      [5, 'collect.fhir-type'],
      [6, 'collect.json-broken'],
      [7, patient('c')],
    ]);
  });

  it('even when the first line is the broken one', () => {
    expect(shown(split([`{"resourceType":"Patient",\n${patient('b')}\n${patient('c')}`]))).toEqual([
      [1, 'collect.json-broken'],
      [2, patient('b')],
      [3, patient('c')],
    ]);
  });

  it('wherever the stream is cut', () => {
    const bytes = Buffer.from(`\ufeff${patient('a')}\n\n${observation('o', 'Patient/a')}\n${patient('b')}`);
    const whole = shown(split([bytes]));
    expect(whole).toHaveLength(3);
    for (let at = 1; at < bytes.length; at += 1) expect(shown(split([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(whole);
  });

  it('an endless line is refused once and the rest goes on', () => {
    const limits = { line: 1000, text: 4000 };
    const long = `{"resourceType":"Patient","id":"${'x'.repeat(5000)}"}`;
    for (const isLines of [true, false]) {
      const chunks = [`${patient('a')}\n${long.slice(0, 900)}`, long.slice(900, 2000), `${long.slice(2000)}\n${patient('b')}\n`];
      expect(shown(split(chunks, { isLines, limits }))).toEqual([
        [1, patient('a')],
        [2, 'collect.line-too-long'],
        [3, patient('b')],
      ]);
    }
    expect(shown(split([`${long}\n${patient('b')}\n`], { limits }))).toEqual([
      [1, 'collect.line-too-long'],
      [2, patient('b')],
    ]);
  });

  it('requires what makes a resource one', () => {
    const codes = split(
      [
        '{"resourceType":"Ptient","id":"a"}',
        '{"resourceType":"Patient"}',
        '{"resourceType":"Patient","id":"a b"}',
        '{"resourceType":"Observation","id":"a","status":"final"}',
        '{"resourceType":"Encounter","id":"a","status":"final","class":"AMB"}',
        '[1]',
      ].map((line) => `${line}\n`),
      { isLines: true },
    ).map((each) => each.kind === 'refused' && [each.code, each.reason]);
    expect(codes).toMatchObject([
      ['collect.fhir-type', expect.any(String)],
      ['collect.fhir-id', expect.stringContaining('Patient')],
      ['collect.fhir-id', expect.any(String)],
      ['collect.fhir-required', expect.stringContaining('code')],
      ['collect.fhir-required', expect.stringContaining('class')],
      ['collect.fhir-type', expect.any(String)],
    ]);
  });

  it('bytes that are not UTF-8 are refused', () => {
    expect(
      shown(split([Buffer.concat([Buffer.from('{"resourceType":"Patient","id":"a","language":"'), Buffer.from([0xd5, 0xc5]), Buffer.from('"}\n')])])),
    ).toEqual([[1, 'collect.encoding']]);
  });
});

describe('one JSON text', () => {
  it('may be a resource over many lines', () => {
    const text = `\n${JSON.stringify(JSON.parse(patient('a')), null, 2)}\n`;
    expect(shown(split([text]))).toEqual([[2, text.trim()]]);
  });

  it('cut short is refused with the place', () => {
    const whole = bundle('collection', [post(patient('a'), 'urn:uuid:1')]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.trimEnd().length - 1 }), (end) => {
        const [only, ...more] = split([whole.slice(0, end)]);
        expect(more).toEqual([]);
        expect(only).toMatchObject({ kind: 'refused', code: 'collect.json-broken' });
      }),
    );
    const [refused] = split([whole.slice(0, whole.indexOf('"Patient"') + 4)]);
    expect(refused).toMatchObject({ line: 5, reason: expect.stringMatching(/line 5, character \d+ \(the text ends here\)/) });
  });

  it('broken inside is refused with the place', () => {
    const [refused] = split([bundle('collection', [post('{"resourceType":"Patient","id":"a",,}', 'urn:uuid:1')])]);
    expect(refused).toMatchObject({ line: 5, code: 'collect.json-broken', reason: expect.stringContaining('syntax error') });
  });

  it('that is an array is refused with advice', () => {
    expect(split([`[\n${patient('a')}\n]`]).map((each) => each.kind === 'refused' && each.code)).toEqual(['collect.json-array']);
  });
});

describe('a Bundle', () => {
  const uuid = 'urn:uuid:c79b748f-a792-4aea-bca5-c7c9c5b188cd';

  it('is its resources; references inside it are resolved, forward ones too, and nothing else is touched', () => {
    const items = split([
      bundle('transaction', [post(observation('o', uuid), 'urn:uuid:0'), post(patient('p'), uuid), post(observation('q', 'urn:uuid:elsewhere'), 'urn:uuid:2')]),
    ]);
    expect(shown(items)).toEqual([
      [5, observation('o', 'Patient/p')],
      [6, patient('p')],
      [7, observation('q', 'urn:uuid:elsewhere')],
    ]);
  });

  it('a new resource without an id gets the one its fullUrl names, the same for ever', () => {
    const anonymous = '{"resourceType":"Patient","gender":"male"}';
    const read = (fullUrl: string): unknown[] =>
      shown(split([bundle('transaction', [post(anonymous, fullUrl), post(observation('o', fullUrl), 'urn:uuid:1')])]));
    expect(read(uuid)).toEqual([
      [5, '{"id":"c79b748f-a792-4aea-bca5-c7c9c5b188cd","resourceType":"Patient","gender":"male"}'],
      [6, observation('o', 'Patient/c79b748f-a792-4aea-bca5-c7c9c5b188cd')],
    ]);
    expect(read('http://x/Patient')).toEqual(read('http://x/Patient'));
  });

  it('a transaction with a bad entry is refused whole, with its number', () => {
    const items = split([
      bundle('transaction', [
        post(patient('a'), 'urn:uuid:1'),
        post('{"resourceType":"Observation","id":"o","status":"final"}', 'urn:uuid:2'),
        post(patient('b'), 'urn:uuid:3'),
      ]),
    ]);
    expect(items).toMatchObject([{ kind: 'refused', line: 6, code: 'collect.fhir-transaction', reason: expect.stringMatching(/entry 2.*code/) }]);
  });

  it('a batch or collection goes on without the bad entry', () => {
    const items = split([
      bundle('collection', [`{"resource":${patient('a')}}`, '{"resource":{"resourceType":"Nothing","id":"x"}}', `{"resource":${patient('b')}}`]),
    ]);
    expect(shown(items)).toEqual([
      [5, patient('a')],
      [6, 'collect.fhir-bundle'],
      [7, patient('b')],
    ]);
  });

  it('deletions, reads and unknown types of bundle are refused; outcomes of a search are passed over', () => {
    expect(shown(split([bundle('transaction', ['{"request":{"method":"DELETE","url":"Patient/a"}}'])]))).toEqual([[5, 'collect.fhir-transaction']]);
    expect(shown(split([bundle('subscription', [post(patient('a'), uuid)])]))).toEqual([[1, 'collect.fhir-bundle-type']]);
    expect(
      shown(split([bundle('searchset', ['{"resource":{"resourceType":"OperationOutcome"},"search":{"mode":"outcome"}}', `{"resource":${patient('a')}}`])])),
    ).toEqual([[6, patient('a')]]);
    expect(shown(split([bundle('batch', [])]))).toEqual([[1, 'collect.empty']]);
  });

  it('may stand in a line of NDJSON', () => {
    const line = JSON.stringify(JSON.parse(bundle('batch', [post(patient('a'), uuid)])));
    expect(shown(split([`${patient('x')}\n${line}\n`]))).toEqual([
      [1, patient('x')],
      [2, patient('a')],
    ]);
  });
});
