import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../kernel/index.ts';
import { metricsReference } from './reference.ts';

test('the reference page says what the definitions say', async () => {
  await expect(metricsReference()).toMatchFileSnapshot(join(projectRoot(), 'docs/reference/metrics.md'));
});
