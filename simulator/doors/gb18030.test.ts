import { expect, test } from 'vitest';
import { writeGb18030 } from './gb18030.ts';

test('what is written reads back, delimiter trail bytes, rare characters and emoji included', () => {
  // 巪 巀 巭 嶾 end in the bytes of | ^ ~ \; 䶮 㛃 and 𠅤 need four bytes.
  for (const text of ['', 'PID|1||M1^^^HIS', '张三·巪巀巭嶾', '䶮㛃𠅤', '看病记📝💕', 'a\r\n“引号”，。']) {
    const buffer = Buffer.alloc(text.length * 4 + 8);
    const bytes = writeGb18030(buffer, text, 3);
    expect(new TextDecoder('gb18030', { fatal: true }).decode(buffer.subarray(3, 3 + bytes))).toBe(text);
  }
});
