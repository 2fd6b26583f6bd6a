import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenCollect, openCollect } from '../testing/open-collect.ts';

let t: OpenCollect;
beforeEach(async () => {
  t = await openCollect();
});
afterEach(() => t.close());

const message = (id: string, ward: string, sender = 'LIS'): Buffer =>
  Buffer.from(`MSH|^~\\&|${sender}|H1|XL|H1|20260105083000||ADT^A02|${id}|P|2.5.1\rPID|1||P1^^^HIS^MR||甲\rPV1|1|I|${ward}\r`);
const deliver = (bytes: Buffer, source = 'lis') => t.collect.deliverHl7({ source, bytes });
const notes = async (source = 'lis') => (await t.collect.log.rejections(source, null, 10)).map((each) => each.code);
const counted = async (): Promise<number> => {
  const metric = await t.platform.metrics.getSingleMetric('xinglin_collect_repeated_ids_total')?.get();
  return metric?.values.reduce((sum, each) => sum + Number(each.value), 0) ?? 0;
};

describe('a control id that comes again', () => {
  it('with another body is a new delivery, noted on its source and counted', async () => {
    expect(await deliver(message('1', 'W1'))).toMatchObject({ outcome: 'accepted', position: 1 });
    expect(await deliver(message('1', 'W2'))).toMatchObject({ outcome: 'accepted', position: 2 });
    expect(await notes()).toEqual(['collect.hl7-id-again']);
    expect(await counted()).toBe(1);
    const [source] = await t.collect.log.sources();
    expect(source).toMatchObject({ accepted: 2, rejected: 0 });
  });

  it('is noted also when the first came before a restart', async () => {
    await deliver(message('1', 'W1'));
    await t.collect.close();
    const again = await t.restarted();
    await again.deliverHl7({ source: 'lis', bytes: message('1', 'W2') });
    expect((await again.log.rejections('lis', null, 10)).map((each) => each.code)).toEqual(['collect.hl7-id-again']);
  });

  it('with the same body is a duplicate, from another sender or source another id, after a week forgotten', async () => {
    await deliver(message('1', 'W1'));
    expect(await deliver(message('1', 'W1'))).toEqual({ outcome: 'duplicate' });
    await deliver(message('1', 'W2', 'RIS'));
    await deliver(message('1', 'W3'), 'ris');
    t.clock.advanceTo(new Date(t.clock.now().getTime() + 8 * 24 * 3_600_000));
    await t.collect.log.sources();
    await deliver(message('2', 'W1'));
    await t.collect.log.sources();
    await deliver(message('1', 'W4'));
    expect([...(await notes()), ...(await notes('ris'))]).toEqual([]);
    expect(await counted()).toBe(0);
  });
});
