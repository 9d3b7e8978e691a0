import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {formatFields, kubernetesFields} from '../../scripts/kubernetesFields.ts';

test('the checked-in field table is what the script writes', async () => {
  const checkedIn = readFileSync(new URL('../../workloads/strict/fields.json', import.meta.url), 'utf8');
  expect(formatFields(await kubernetesFields())).toBe(checkedIn);
});
