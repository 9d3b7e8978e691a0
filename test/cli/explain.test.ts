import {describe, expect, test} from 'vitest';
import {explanationSchema} from '../../cli/output/explanationSchema.ts';
import {wrapText} from '../../cli/output/wrapText.ts';
import {runCommand, transcript} from '../helpers/runCommand.ts';

const CROWDED = 'test/fixtures/explain/crowded.yaml';
const PREEMPTION = 'test/fixtures/explain/preemption.yaml';

/** Explanations as a user sees them. After a change: look at the difference, then npm run golden:update. */
const TRANSCRIPTS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['explain-anti-affinity', 'pod/web-57fd6f764b-2nx5s', '-n', 'shop', '-f', CROWDED],
  ['explain-host-port', 'pod/edge-95c86cc7-mpdn7', '-n', 'shop', '-f', CROWDED],
  ['explain-too-large', 'pod/batch', '-n', 'shop', '-f', CROWDED],
  ['explain-gated', 'pod/gated', '-n', 'shop', '-f', CROWDED],
  ['explain-other-scheduler', 'pod/foreign', '-n', 'shop', '-f', CROWDED],
  ['explain-preemptor', 'pod/boss', '-f', PREEMPTION],
  ['explain-bound', 'pod/l2', '-f', PREEMPTION],
  ['explain-wide', 'pod/fits', '-f', PREEMPTION, '-o', 'wide'],
  ['explain-quota', 'pod/thumbnails-7lc5r', '-n', 'batch', '-f', 'scenarios/online-and-flink'],
  ['explain-unknown-format', 'pod/l2', '-f', PREEMPTION, '-o', 'yaml'],
];

test.each(TRANSCRIPTS)('%s', async (name, ...args) => {
  const command = ['explain', ...args, '-q'];
  const outcome = await runCommand(command);
  await expect(transcript(command, outcome)).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
});

describe('text', () => {
  test.each(TRANSCRIPTS.filter((args) => !args.includes('wide')).map(([name, ...args]) => [name, args] as const))(
    '%s keeps within 80 columns but for names that are longer',
    async (_name, args) => {
      const {stdout} = await runCommand(['explain', ...args, '-q']);
      const long = stdout.split('\n').filter((line) => line.length > 80 && line.trim().includes(' '));
      expect(long).toEqual([]);
    },
  );

  test('wraps between words, under the first of them', () => {
    expect(wrapText('ab ', 'cc dd ee', 8)).toBe('ab cc dd\n   ee');
    expect(wrapText('', 'longer-than-that b', 5)).toBe('longer-than-that\nb');
  });
});

describe('-o json', () => {
  test.each([
    ['pending', 'pod/edge-95c86cc7-mpdn7', '-n', 'shop', '-f', CROWDED],
    ['placed', 'pod/boss', '-f', PREEMPTION],
    ['rejected', 'pod/thumbnails-7lc5r', '-n', 'batch', '-f', 'scenarios/online-and-flink'],
  ])('is a versioned document of a pod that is %s', async (outcome, ...args) => {
    const {stdout} = await runCommand(['explain', ...args, '-q', '-o', 'json']);
    const document = JSON.parse(stdout);
    expect(explanationSchema.safeParse(document).error).toBeUndefined();
    expect(document).toMatchObject({apiVersion: 'stowage.dev/v1alpha1', kind: 'Explanation', outcome});
  });

  test('tells how high a quota would have to be', async () => {
    const args = ['explain', 'pod/thumbnails-7lc5r', '-n', 'batch', '-f', 'scenarios/online-and-flink', '-q'];
    const {remedies} = JSON.parse((await runCommand([...args, '-o', 'json'])).stdout);
    const change = {kind: 'RaiseQuota', namespace: 'batch', quota: 'compute'};
    expect(remedies).toMatchObject([
      {changes: [{...change, from: {'requests.cpu': '12'}, to: {'requests.cpu': '12500m'}}], node: 'general-1'},
    ]);
  });
});
