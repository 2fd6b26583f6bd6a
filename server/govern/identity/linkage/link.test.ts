import { array, assert, asyncProperty, constantFrom, double, integer, option, property, record, shuffledSubarray, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { PAIRS_PER_RECORD_MAX } from './blocking.ts';
import { averageLinkage, cluster, componentsOf } from './cluster.ts';
import { recogniseColumns, type Table } from './columns.ts';
import { linkTable } from './link.ts';
import { distinctRows } from './link-files.ts';
import { randomFrom } from './model.ts';

const TODAY = new Date('2026-01-01');
type Row = Readonly<Record<string, string | null>>;
const tableOf = (rows: readonly Row[]): Table => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { names, columns: new Map(names.map((name) => [name, rows.map((row) => row[name] ?? null)])), length: rows.length };
};
/** Groups of row ids that are one person, each sorted, in order. */
async function peopleOf(rows: readonly Row[]): Promise<string[]> {
  const table = tableOf(rows);
  const { records, clusterOf } = await linkTable(table, recogniseColumns(table), rows.map((row) => row['id'] ?? ''), { today: TODAY }); // biome-ignore format: one call
  const people = new Map<number, string[]>();
  clusterOf.forEach((root, at) => {
    people.set(root, [...(people.get(root) ?? []), records.ids[at] ?? '']);
  });
  return [...people.values()].map((ids) => ids.sort().join(' ')).sort();
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const residentId = (birth: string, serial: number): string => {
  const start = `440308${birth.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  return start + '10X98765432'[[...start].reduce((sum, digit, at) => sum + Number(digit) * (WEIGHTS[at] ?? 0), 0) % 11];
};
/** An invented town: 400 people, every second one with a second record, one of those in four with a slip. */
function town(): Row[] {
  const random = randomFrom(7);
  const pick = (from: string): string => [...from][Math.floor(random() * [...from].length)] ?? '';
  return Array.from({ length: 400 }, (_, at) => {
    const birth = `${1930 + Math.floor(random() * 80)}-0${1 + Math.floor(random() * 9)}-${10 + Math.floor(random() * 18)}`;
    const name = pick('王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗') + pick('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚') + pick('文华国建红玉志海云春晓新成光');
    const row = { id: `t${at}`, name, sex: at % 2 ? '男' : '女', birth_date: birth, mobile: `139${String(10_000_000 + Math.floor(random() * 89_999_999))}` };
    const number = residentId(birth, 100 + Math.floor(random() * 800));
    const first = { ...row, id_card: random() < 0.7 ? number : null };
    if (at % 2 === 0) return [first];
    return [first, { ...row, id: `t${at}b`, mobile: random() < 0.25 ? null : row.mobile, id_card: random() < 0.4 ? number : null }];
  }).flat();
}
const TOWN = town();
const mei = { name: '赵美兰', sex: '女', birth_date: '1988-03-12', mobile: '13612340987', id_card: null };

async function together(...rows: readonly Row[]): Promise<boolean> {
  const [first = '', second = ''] = rows.map((row) => row['id'] ?? '');
  return (await peopleOf([...TOWN, ...rows])).some((person) => person.split(' ').includes(first) && person.split(' ').includes(second));
}

test('the same person in traditional characters or with a homophone is found', async () => {
  expect(await together({ ...mei, id: 'a' }, { ...mei, id: 'b', name: '趙美蘭' })).toBe(true);
  expect(await together({ ...mei, id: 'a' }, { ...mei, id: 'b', name: '赵美岚' })).toBe(true);
});

test('twins with one phone stay two people', async () => {
  expect(await together({ ...mei, id: 'a' }, { ...mei, id: 'b', name: '赵美竹' })).toBe(false);
  expect(await together({ ...mei, id: 'a' }, { ...mei, id: 'b', name: '赵丽竹' })).toBe(false);
});

test('different valid ids are two people whatever else agrees, also through a third record', async () => {
  const [one, two] = [residentId('1988-03-12', 122), residentId('1988-03-12', 144)];
  expect(await together({ ...mei, id: 'a', id_card: one }, { ...mei, id: 'b', id_card: two })).toBe(false);
  expect(await together({ ...mei, id: 'a', id_card: one }, { ...mei, id: 'b', id_card: two }, { ...mei, id: 'c' })).toBe(false);
  expect(await together({ ...mei, id: 'a', id_card: one }, { ...mei, id: 'b', id_card: one, mobile: null })).toBe(true);
});

test('a parent’s phone does not make child and parent one person', async () => {
  expect(await together({ ...mei, id: 'a' }, { ...mei, id: 'b', name: '赵小明', sex: '男', birth_date: '2015-06-20' })).toBe(false);
});

test('a newborn without a name is nobody until an id says who', async () => {
  expect(await together({ ...mei, id: 'a', name: '赵美兰之子' }, { ...mei, id: 'b', name: '赵美兰之子' })).toBe(false);
});

test('the order of rows changes nothing', async () => {
  const rows = TOWN.slice(0, 250);
  const expected = await peopleOf(rows);
  const random = randomFrom(11);
  for (let i = 0; i < 3; i++) {
    const shuffled = rows.map((row) => [random(), row] as const).sort((a, b) => a[0] - b[0]); // biome-ignore format: one step
    expect(await peopleOf(shuffled.map(([, row]) => row))).toEqual(expected);
  }
});

/** Rows of few values, so that many agree in part; some say word for word the same under another id. */
const rowsOfFew = array(
  record({
    name: constantFrom('赵美兰', '赵美岚', '趙美蘭', '赵小明', '钱大勇', '钱?勇', 'ZHAO^MEILAN', '孙丽', '孙丽之子'),
    birth_date: option(constantFrom('1988-03-12', '1988-12-03', '1960-01-02', '2015-06-20'), { nil: null }),
    sex: option(constantFrom('男', '女'), { nil: null }),
    mobile: option(constantFrom('13612340987', '13798765432', '13555550123'), { nil: null }),
    id_card: option(constantFrom(residentId('1988-03-12', 122), residentId('1988-03-12', 144), residentId('1960-01-02', 101)), { nil: null }),
    mrn: option(constantFrom('M100', 'M200', 'M300'), { nil: null }),
  }),
  { minLength: 2, maxLength: 24 },
).map((rows) => rows.map((row, at) => ({ ...row, id: `r${at}` })));

test('whatever the rows say, their order changes nothing', async () => {
  const shuffled = rowsOfFew.chain((rows) =>
    tuple(
      integer({ min: 0, max: 0 }).map(() => rows),
      shuffledSubarray(rows, { minLength: rows.length }),
    ),
  );
  await assert(
    asyncProperty(shuffled, async ([rows, other]) => {
      expect(await peopleOf(other)).toEqual(await peopleOf(rows));
    }),
    { numRuns: 60 },
  );
});

test('whatever the rows say, giving some of them twice changes nothing', async () => {
  const repeated = rowsOfFew.chain((rows) =>
    tuple(
      integer({ min: 0, max: 0 }).map(() => rows),
      shuffledSubarray(rows),
    ),
  );
  await assert(
    asyncProperty(repeated, async ([rows, again]) => {
      const table = tableOf([...rows, ...again]);
      const columns = recogniseColumns(table);
      const kept = distinctRows(table, columns, { files: ['a.csv'], rowsPerFile: [table.length] });
      const { records, clusterOf } = await linkTable(kept.table, columns, kept.ids, { today: TODAY });
      const people = new Map<number, string[]>();
      clusterOf.forEach((root, at) => {
        people.set(root, [...(people.get(root) ?? []), records.ids[at] ?? '']);
      });
      expect([...people.values()].map((ids) => ids.sort().join(' ')).sort()).toEqual(await peopleOf(rows));
    }),
    { numRuns: 60 },
  );
});

test('no person holds two different valid ids, whatever else ties the records', async () => {
  await assert(
    asyncProperty(rowsOfFew, async (rows) => {
      const idOf = new Map(rows.map((row) => [row.id, row.id_card]));
      for (const person of await peopleOf(rows)) {
        expect(new Set(person.split(' ').flatMap((id) => idOf.get(id) ?? [])).size).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});

test('common keys are refined instead of compared all with all', async () => {
  const random = randomFrom(3);
  const pick = (from: string): string => [...from][Math.floor(random() * from.length)] ?? '';
  const rows = Array.from({ length: 3000 }, (_, at) => ({
    id: String(at),
    name: pick('王李张刘陈') + pick('伟芳娜敏静丽强磊军洋') + pick('文华国建红'),
    birth_date: `19${String(50 + Math.floor(random() * 40))}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 9)}`,
    city: pick('东南西北'),
  }));
  const table = tableOf(rows);
  const { blocks, edges } = await linkTable(table, recogniseColumns(table), rows.map((row) => row.id), { today: TODAY }); // biome-ignore format: one call
  expect(blocks.refined).toBeGreaterThan(0);
  expect(edges.length).toBeLessThan(2 * PAIRS_PER_RECORD_MAX * blocks.rules.length * rows.length);
});

test('one record, or records that say nothing, are people of their own', async () => {
  expect(await peopleOf([{ id: 'a', surname: 'smith', dob: '1980-01-01' }])).toEqual(['a']);
  expect(await peopleOf(['a', 'b'].map((id) => ({ id, surname: null, dob: null })))).toEqual(['a', 'b']);
});

const graph = tuple(
  integer({ min: 1, max: 30 }),
  array(tuple(integer({ min: 0, max: 29 }), integer({ min: 0, max: 29 }), double({ min: -5, max: 15, noNaN: true })), { maxLength: 60 }),
);
const edgesOf = (length: number, list: readonly (readonly [number, number, number])[]) => {
  const kept = list.map(([a, b, odds]) => [a % length, b % length, odds] as const).filter(([a, b]) => a !== b);
  const edges = {
    length: kept.length,
    a: Int32Array.from(kept, ([a]) => a),
    b: Int32Array.from(kept, ([, b]) => b),
    odds: Float64Array.from(kept, ([, , odds]) => odds),
  };
  return { edges, kept };
};

test('components of random graphs equal a plain walk', () => {
  assert(
    property(graph, ([length, list]) => {
      const { edges, kept } = edgesOf(length, list);
      const walked = Array.from({ length }, (_, start) => {
        const seen = new Set([start]);
        for (const at of seen) for (const [a, b, odds] of kept) if (odds >= 0 && (a === at || b === at)) seen.add(a === at ? b : a);
        return [...seen].sort((x, y) => x - y).join(' ');
      });
      expect(componentsOf(length, edges, 0).map((group) => group.join(' '))).toEqual([...new Set(walked)]);
    }),
  );
});

test('clusters stay within components and never hold a vetoed pair', () => {
  assert(
    property(graph, ([length, list]) => {
      const { edges, kept } = edgesOf(length, list);
      const odds = new Map(kept.map(([a, b, value]) => [`${Math.min(a, b)} ${Math.max(a, b)}`, value < -4 ? -1e6 : value]));
      const score = (a: number, b: number): number => odds.get(`${Math.min(a, b)} ${Math.max(a, b)}`) ?? -3;
      const component = new Map(componentsOf(length, edges, 0).flatMap((group) => group.map((member) => [member, group[0]] as const)));
      const { of } = cluster(length, edges, { least: 0 }, ([x = 0], [y = 0]) => score(x, y));
      of.forEach((root, member) => {
        expect(component.get(member)).toBe(component.get(root));
        of.forEach((other, at) => {
          if (at !== member && other === root) expect(score(at, member)).toBeGreaterThan(-1000);
        });
      });
    }),
  );
});

test('one bridge between two tight groups joins nothing', () => {
  const score = ([a = 0]: readonly number[], [b = 0]: readonly number[]): number => (a < 3 === b < 3 || (a === 2 && b === 3) ? 8 : -8);
  expect(averageLinkage([[0], [1], [2], [3], [4], [5]], 0, score)).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
});

test('record numbers that two hospitals gave to different people prove nothing', async () => {
  const [here, there] = [TOWN.slice(0, 200), TOWN.slice(200, 400)].map((rows, hospital) =>
    rows.map((row, at) => ({ ...row, id: `${hospital}-${at}`, mrn: String(5000 + at), id_card: null })),
  );
  const people = await peopleOf([...(here ?? []), ...(there ?? [])]);
  expect(people.filter((ids) => /0-(\d+) 1-\1\b/.test(ids))).toEqual([]);
});

test('a record number of one hospital joins a record that has only a nickname', async () => {
  const rows = TOWN.slice(0, 200).flatMap((row, at) => [
    { ...row, mrn: `M${5000 + at}` },
    { ...row, id: `${row['id']}n`, mrn: `M${5000 + at}`, id_card: null },
  ]);
  const web = { id: 'web', mrn: 'M5007', name: '快乐的猫', sex: null, birth_date: null, mobile: null, id_card: null };
  const people = await peopleOf([...rows, web]);
  expect(people.find((ids) => ids.includes('web'))).toContain(String(TOWN[7]?.['id']));
});
