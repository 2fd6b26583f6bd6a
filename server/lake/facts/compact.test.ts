import { describe, expect, it } from 'vitest';
import { planCompaction } from './compact.ts';
import type { LiveFile } from './manifest.ts';

const file = (month: string, kind: LiveFile['kind'], rows = 10): LiveFile => ({
  ...{ id: 1, fact: 'charge', month, kind, rows, bytes: 1, path: `${month}/${kind}`, edition: 'e' },
  ...{ versionMin: 0, versionMax: 0, columnsPrint: 'p', generationData: 1 },
});
const times = (count: number, of: LiveFile): LiveFile[] => Array.from({ length: count }, () => of);

describe('what is due for compaction', () => {
  it('is a month with enough small files; others are left in peace', () => {
    expect(planCompaction([...times(4, file('2025-01', 'fresh')), ...times(3, file('2025-02', 'fresh')), file('2025-03', 'winners')], 4)).toEqual({
      fold: ['2025-01'],
      merge: [],
    });
  });
  it('is everything fresh when one file is enough', () => {
    expect(planCompaction([file('2025-01', 'fresh'), file('2025-01', 'winners', 1e9), file('2025-02', 'winners')], 1)).toEqual({
      fold: ['2025-01'],
      merge: [],
    });
  });
  it('is only merged while a large file would be written again for a few rows', () => {
    const large = file('2025-01', 'winners', 4_000_000);
    expect(planCompaction([large, ...times(10, file('2025-01', 'fresh', 100))], 4)).toEqual({ fold: [], merge: ['2025-01'] });
    expect(planCompaction([large, ...times(10, file('2025-01', 'fresh', 40_000))], 4)).toEqual({ fold: ['2025-01'], merge: [] });
  });
  it('is a month with many rows, however few its files', () => {
    expect(planCompaction([file('2025-01', 'fresh', 300_000)], 4)).toEqual({ fold: ['2025-01'], merge: [] });
  });
});
