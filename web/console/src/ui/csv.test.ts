import { expect, test } from 'vitest';
import { csvText } from './csv.ts';

test('a spreadsheet reads the Chinese, the quotes and the gaps, and runs no cell as a formula', () => {
  const text = csvText(
    ['科室', '值'],
    [
      ['心内科, "一区"', 4.5],
      ['=1+1', null],
      ['-3', true],
    ],
  );
  expect(text).toBe('\uFEFF科室,值\r\n"心内科, ""一区""",4.5\r\n\'=1+1,\r\n\'-3,true\r\n');
});
