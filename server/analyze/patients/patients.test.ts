import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { key, plant } from '../testing/facts.ts';
import { openHospital, staff, type TestHospital } from '../testing/open-hospital.ts';
import { LAB_RECORD_OF_A, personOf, record, SMALL_HOSPITAL } from '../testing/small-hospital.ts';

let hospital: TestHospital;
beforeAll(async () => {
  const words = plant('complaint', '2026-02-12 10:00', { record_key: record('A'), kind: 'complaint', department_code: 'CARD', text_id: key('text', 7) });
  hospital = await openHospital([...SMALL_HOSPITAL, words]);
});
afterAll(() => hospital.close());

const nurse = staff('nurse');
const cardiology = staff('department-head', ['CARD']);
const orthopaedics = staff('department-head', ['ORTH']);
const { A, B, D, E } = { A: personOf('A'), B: personOf('B'), D: personOf('D'), E: personOf('E') };

type TimelineQuery = Parameters<TestHospital['analyze']['patients']['timeline']>[2];
async function wholeTimeline(viewer: typeof nurse, personId: string, query: TimelineQuery = {}, limit = 4) {
  const rows = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<TestHospital['analyze']['patients']['timeline']>> = await hospital.analyze.patients.timeline(viewer, personId, {
      ...query,
      limit,
      ...(cursor === null ? {} : { cursor }),
    });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}
const audited = (action: string) =>
  hospital.platform.db.query<{ subject: string | null; outcome: string; count: number | null }>(
    'select subject, outcome, count from platform.audit_entry where action = $1 order by sequence',
    [action],
  );

describe('the timeline of a person', () => {
  test('holds every fact of all records once, newest first, across pages', async () => {
    const rows = await wholeTimeline(nurse, A);
    const planted = SMALL_HOSPITAL.filter(
      (each) => each.fact !== 'person_record' && [record('A'), LAB_RECORD_OF_A].includes(String(each.values['record_key'])),
    ).length;
    expect(rows).toHaveLength(planted + 1);
    expect(new Set(rows.map((row) => row.factKey)).size).toBe(rows.length);
    expect(rows.map((row) => row.occurredAt)).toEqual(
      rows
        .map((row) => row.occurredAt)
        .sort()
        .reverse(),
    );
    expect(new Set(rows.map((row) => row.source))).toEqual(new Set(['his', 'lis', 'booking', 'loop']));
  });

  test('shows one kind when asked for it, and refuses a kind there is not', async () => {
    expect((await wholeTimeline(nurse, A, { kinds: 'encounter' })).map((row) => row.day)).toEqual(['2026-03-10', '2026-02-20', '2026-02-10', '2026-01-05']);
    await expect(hospital.analyze.patients.timeline(nurse, A, { kinds: 'person_record' })).rejects.toMatchObject({ code: 'analyze.unknown-kind' });
  });

  test('marks what has words for those who may know, and hides it from roles that may not', async () => {
    const complaint = async (viewer: typeof nurse) => (await wholeTimeline(viewer, A, { kinds: 'complaint' })).map((row) => row.hasText);
    expect(await complaint(nurse)).toEqual([true]);
    expect(await complaint(cardiology)).toEqual([false]);
  });

  test('is cut to the own department for its head', async () => {
    const rows = await wholeTimeline(orthopaedics, D);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.department?.en === 'Orthopaedics')).toBe(true);
    expect((await wholeTimeline(nurse, D)).some((row) => row.department?.zh === '健康管理中心')).toBe(true);
  });

  test('a patient of another department is not found, and the attempt is on record', async () => {
    await expect(hospital.analyze.patients.timeline(cardiology, D, {})).rejects.toMatchObject({ code: 'analyze.unknown-person', status: 404 });
    await expect(hospital.analyze.patients.detail(cardiology, D)).rejects.toMatchObject({ status: 404 });
    expect((await audited('patient.read')).filter((each) => each.outcome === 'refused').map((each) => each.subject)).toContain(D);
  });

  test('someone who does not exist reads the same as someone out of scope', async () => {
    for (const id of [key('person', 99), 'not-an-id', `' or 1=1`]) {
      await expect(hospital.analyze.patients.detail(nurse, id)).rejects.toMatchObject({ code: 'analyze.unknown-person' });
    }
  });
});

describe('the patient list', () => {
  test('puts whoever was seen last first, with encounters and department in view', async () => {
    const { rows, next } = await hospital.analyze.patients.list(nurse, {});
    expect(next).toBeNull();
    expect(rows[0]).toMatchObject({ personId: E, lastSeenAt: '2026-03-28T07:00:00.000Z', encounters: 2, lastDepartment: { en: 'Orthopaedics' } });
    expect(rows.find((row) => row.personId === A)).toMatchObject({ encounters: 4, records: 2 });
    expect(rows.find((row) => row.personId === B)).toMatchObject({ encounters: 2 });
    expect(rows).toHaveLength(6);
  });

  test('pages without losing or repeating anyone', async () => {
    const all = (await hospital.analyze.patients.list(nurse, {})).rows.map((row) => row.personId);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<TestHospital['analyze']['patients']['list']>> = await hospital.analyze.patients.list(nurse, {
        limit: 2,
        ...(cursor === null ? {} : { cursor }),
      });
      paged.push(...page.rows.map((row) => row.personId));
      cursor = page.next;
    } while (cursor !== null);
    expect(paged).toEqual(all);
  });

  test('a department head lists the own patients with the own encounters only', async () => {
    const { rows } = await hospital.analyze.patients.list(orthopaedics, {});
    expect(rows.map((row) => row.personId).sort()).toEqual([B, D, E].sort());
    expect(rows.find((row) => row.personId === E)).toMatchObject({ encounters: 1 });
    expect((await hospital.analyze.patients.list(orthopaedics, { department: 'CARD' })).rows).toEqual([]);
  });

  test('a full identifier finds its person, and only in scope', async () => {
    expect((await hospital.analyze.patients.search(nurse, 'MRN-1')).rows.map((row) => row.personId)).toEqual([A]);
    expect((await hospital.analyze.patients.search(orthopaedics, 'MRN-1')).rows).toEqual([]);
    expect((await hospital.analyze.patients.search(nurse, 'MRN-2')).rows).toEqual([]);
  });

  test('what was searched for is in no audit entry', async () => {
    const entries = await hospital.platform.db.query('select * from platform.audit_entry');
    expect(JSON.stringify(entries)).not.toContain('MRN-1');
  });
});

test('the page of a patient is read on record', async () => {
  const detail = await hospital.analyze.patients.detail(nurse, A);
  expect(detail.sources.map((each) => each.recordKey)).toEqual([record('A'), LAB_RECORD_OF_A]);
  expect(detail.patient).toMatchObject({ age: 65, encounters: 4 });
  expect((await audited('patient.read')).filter((each) => each.outcome === 'allowed').map((each) => each.subject)).toContain(A);
  expect((await audited('patient.timeline')).length).toBeGreaterThan(0);
});
