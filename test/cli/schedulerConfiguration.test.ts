import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {runCommand, transcript} from '../helpers/runCommand.ts';

const POD = 'test/fixtures/scheduler-configuration/pod.yaml';
const SIMULATE = ['simulate', '-f', POD, '--node-pool', 'm6i.large=1', '-q', '-o', 'name', '--scheduler-config'];

/** What a user sees of a file; after a change: look at the difference, then npm run golden:update. */
test.each([
  ['invalid', 'every mistake, in the words of kube-scheduler'],
  ['own-plugins', 'what is not simulated'],
])('%s.yaml: %s', async (name) => {
  const args = [...SIMULATE, `test/fixtures/scheduler-configuration/${name}.yaml`];
  const shown = transcript(args, await runCommand(args));
  await expect(shown).toMatchFileSnapshot(`../golden/cli/scheduler-configuration-${name}.txt`);
});

const EXAMPLES = [...readFileSync('docs/scheduler-configuration.md', 'utf8').matchAll(/```yaml\n(.*?)```/gs)];

test.each(EXAMPLES.map(([, text]) => [text!]))(
  'the example of the documentation is taken as it is: %#',
  async (text) => {
    const {exitCode, stderr} = await runCommand([...SIMULATE, '-'], text);
    expect([exitCode, stderr]).toEqual([0, '']);
  },
);
