import { describe, expect, it } from 'vitest';
import { engineRefusal } from './engine-errors.ts';

const LIMITS = { megabytes: 64, seconds: 120, rowsMax: 10 };

describe('a failure of the engine', () => {
  for (const [message, code] of [
    [`Conversion Error: Could not convert string '欧阳小明' to INT32`, 'lake.query-value'],
    ['Out of Range Error: Overflow in addition of INT64 (13800001111 + 1)!', 'lake.query-value'],
    ['Invalid Input Error: Malformed JSON at byte 0 of input: 欧阳小明', 'lake.query-value'],
    ['Out of Memory Error: could not allocate block of size 256.0 KiB (60.9 MiB/61.0 MiB used)', 'lake.query-memory'],
    ['INTERRUPT Error: Interrupted!', 'lake.query-too-long'],
    ['Failed to extract statements: Parser Error: syntax error at or near "selec"', 'lake.query-invalid'],
    ['Binder Error: Referenced column "nothing" not found', 'lake.query-invalid'],
    ['IO Error: No files found that match the pattern', 'lake.engine-failed'],
    ['Permission Error: Cannot access file "/etc/passwd"', 'lake.engine-failed'],
    ['欧阳小明 13800001111', 'lake.engine-failed'],
  ] as const) {
    it(`is ${code} for ${message.slice(0, 24).replace(/[^ -~]/g, '')}…`, () => {
      const refusal = engineRefusal(new Error(message), LIMITS);
      expect(refusal.code).toBe(code);
      expect(JSON.stringify([refusal.message, refusal.zh, refusal.details])).not.toMatch(/欧阳|1380|passwd/);
      expect(refusal.cause === undefined || code === 'lake.query-invalid').toBe(true);
    });
  }
});
