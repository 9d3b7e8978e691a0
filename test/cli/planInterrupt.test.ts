import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {planSchema} from '../../results/planResult.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Far more than is needed: that it ends before shows that it was interrupted. */
const TIME_LIMIT = '3000';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command; each time its progress says one of the words, Ctrl-C. */
function interrupted(words: readonly string[]): Promise<Ended> {
  const args = ['cli/main.ts', 'plan', '-f', 'scenarios/online-and-flink', '--time-limit', TIME_LIMIT, '-o', 'json'];
  const child = spawn(process.execPath, args, {cwd: ROOT});
  const left = [...words];
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    while (left[0] !== undefined && stderr.includes(left[0])) {
      left.shift();
      child.kill('SIGINT');
    }
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({code, stdout, stderr})));
}

describe('Ctrl-C during a plan', () => {
  test('prints the best so far, with its gap, as a plan that was stopped', async () => {
    const {code, stdout, stderr} = await interrupted(['packing']);
    expect({code, stderr}).toMatchObject({code: 0});
    expect(stderr).toContain('stopping at the best plan so far');
    const plan = planSchema.parse(JSON.parse(stdout));
    expect(plan).toMatchObject({isStopped: true, verified: {pending: 0}});
    expect(plan.costPerHour).toBeGreaterThan(0);
  }, 60_000);

  test('ends at once the second time', async () => {
    const {code, stdout} = await interrupted(['packing', 'stopping at']);
    expect({code, stdout}).toEqual({code: 130, stdout: ''});
  }, 60_000);
});
