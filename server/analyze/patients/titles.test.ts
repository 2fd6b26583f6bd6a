import { describe, expect, test } from 'vitest';
import type { Line } from './timeline.sql.ts';
import { isLowScore, type Names, timelineEntry } from './titles.ts';

const names: Names = {
  department: (code) => (code === 'CARD' ? { zh: '心血管内科', en: 'Cardiology' } : { zh: code ?? '未映射', en: code ?? 'unmapped' }),
  item: (code) => (code === 'GLU' ? { zh: '葡萄糖', en: 'Glucose' } : { zh: code ?? '未映射', en: code ?? 'unmapped' }),
  disease: (code) => (code === 'I10.x00' ? { zh: '高血压', en: 'Hypertension' } : { zh: code ?? '未映射', en: code ?? 'unmapped' }),
};
const line = (given: Partial<Line> & Pick<Line, 'fact'>) =>
  timelineEntry(
    {
      ...{ fact_key: 'k', occurred_at: new Date('2026-02-10T01:00:00Z'), occurred_text: '2026-02-10 01:00:00', day: '2026-02-10', time_precision: null },
      ...{ source: 'his', department: null, has_text: false, kind: null, status: null, code: null, system: null, extra: null, flag: null },
      ...{ amount: null, low: null, high: null, unit: null, until: null },
      ...given,
    },
    names,
    'Asia/Shanghai',
  );

describe('a line of the timeline', () => {
  test('names a laboratory result with value, unit, flag and reference', () => {
    expect(
      line({ fact: 'observation', kind: 'laboratory', code: 'GLU', amount: 7.2, unit: 'mmol/L', flag: 'H', low: 3.9, high: 6.1, department: 'CARD' }),
    ).toMatchObject({
      title: { zh: '葡萄糖', en: 'Glucose' },
      detail: { zh: '7.2 mmol/L · 偏高 · 参考 3.9–6.1', en: '7.2 mmol/L · high · reference 3.9–6.1' },
      department: { zh: '心血管内科', en: 'Cardiology' },
      tone: 'watch',
      precision: 'second',
    });
  });
  test('prints units of UCUM as people do, others as they are written', () => {
    const detail = (unit: string) => line({ fact: 'observation', code: 'GLU', amount: 37, unit }).detail;
    expect(detail('Cel')).toEqual({ zh: '37 ℃', en: '37 ℃' });
    expect(detail('/min')).toEqual({ zh: '37 次/分', en: '37 /min' });
    expect(detail('mg/dL')).toEqual({ zh: '37 mg/dL', en: '37 mg/dL' });
  });
  test('shows the code when no dictionary knows it', () => {
    expect(line({ fact: 'observation', kind: 'laboratory', code: 'XYZ', amount: 1 }).title).toEqual({ zh: 'XYZ', en: 'XYZ' });
    expect(line({ fact: 'condition', code: 'E11.900' }).title).toEqual({ zh: '诊断：E11.900', en: 'Diagnosis: E11.900' });
  });
  test('says until when a stay lasted, by local days', () => {
    expect(line({ fact: 'encounter', kind: 'inpatient', status: 'finished', code: 'I10.x00', until: new Date('2026-02-14T17:00:00Z') }).detail?.en).toBe(
      'Hypertension · until 2026-02-15',
    );
    expect(line({ fact: 'encounter', kind: 'outpatient', status: 'finished', until: new Date('2026-02-10T02:00:00Z') }).detail).toBeNull();
  });
  test('shows money in yuan and refunds as negative', () => {
    expect(line({ fact: 'charge', kind: 'drug', amount: -2050 }).detail?.zh).toBe('药品 · ¥-20.50');
  });
  test.each<[Partial<Line> & Pick<Line, 'fact'>, string]>([
    [{ fact: 'observation', flag: 'HH' }, 'bad'],
    [{ fact: 'observation', flag: 'L' }, 'watch'],
    [{ fact: 'observation', flag: 'N' }, 'none'],
    [{ fact: 'survey_answer', amount: 3.99, high: 5 }, 'bad'],
    [{ fact: 'survey_answer', amount: 4, high: 5 }, 'none'],
    [{ fact: 'complaint', kind: 'complaint' }, 'bad'],
    [{ fact: 'complaint', kind: 'praise' }, 'good'],
    [{ fact: 'review', status: 'positive' }, 'good'],
    [{ fact: 'followup', status: 'overdue' }, 'watch'],
    [{ fact: 'followup', status: 'done', flag: 'abnormal' }, 'bad'],
    [{ fact: 'appointment', status: 'noshow' }, 'watch'],
    [{ fact: 'encounter', flag: 'died' }, 'bad'],
  ])('%j has the tone %s', (given, tone) => {
    expect(line(given).tone).toBe(tone);
  });
});

test('4.0 is not a low score, 3.99 is; 6 of 10 is, 7 is not', () => {
  expect([isLowScore(4, 5), isLowScore(3.99, 5), isLowScore(6, 10), isLowScore(7, 10)]).toEqual([false, true, true, false]);
});
