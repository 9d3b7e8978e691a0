/** What changed within a feature release, as flink-runtime of these patches answers. */
import {expect, test} from 'vitest';
import {isFlinkAtLeast, readFlinkVersion} from '../../flink/memory/flinkVersion.ts';
import {jobManagerMemory} from '../../flink/memory/jobManagerMemory.ts';
import {taskManagerMemory} from '../../flink/memory/taskManagerMemory.ts';

const MIB = 2n ** 20n;
const of = (flink: string) => ({version: readFlinkVersion(flink)!, environment: 'standalone'}) as const;

test.each([
  ['1.10.0', 96n],
  ['1.10.1', 256n],
  ['1.10', 256n],
])('Flink %s gives the metaspace %d MiB', (flink, mebibytes) => {
  const answer = taskManagerMemory(new Map([['taskmanager.memory.process.size', '1728m']]), of(flink));
  expect(answer).toMatchObject({memory: {metaspace: mebibytes * MIB}});
});

test.each([
  ['1.11.2', 1, 1, 1],
  ['1.11.3', 2, 2, 2],
  ['1.20', 2, 2, 2],
  ['2.0', 2, 1, 2],
])('Flink %s says what failed before it says why, or does not', (flink, taskManager, jobManager, legacy) => {
  const tooSmall = (component: string) => new Map([[`${component}.memory.process.size`, '1m']]);
  const links = (answer: object) => ('error' in answer ? (answer.error as readonly unknown[]).length : 0);
  expect(links(taskManagerMemory(tooSmall('taskmanager'), of(flink)))).toBe(taskManager);
  expect(links(jobManagerMemory(tooSmall('jobmanager'), of(flink)))).toBe(jobManager);
  expect(links(taskManagerMemory(new Map([['taskmanager.heap.mb', '-1']]), of(flink)))).toBe(legacy);
});

test('until 1.11.1 a JobManager with all three sizes set does not start, however well they fit', () => {
  const sizes = new Map([
    ['jobmanager.memory.heap.size', '1g'],
    ['jobmanager.memory.off-heap.size', '128m'],
    ['jobmanager.memory.flink.size', '1152m'],
  ]);
  expect(jobManagerMemory(sizes, of('1.11.1'))).toMatchObject({
    error: [
      [expect.anything(), expect.stringContaining('Off-heap Memory (1.125gb (1207959552 bytes)) does not match')],
    ],
  });
  expect(jobManagerMemory(sizes, of('1.11.2'))).toHaveProperty('memory');
});

test.each([
  ['1.9', undefined],
  ['1.21', undefined],
  ['2.4', undefined],
  ['latest', undefined],
  ['1.10.3.1', undefined],
  ['v1_20', {major: 1, minor: 20, patch: Infinity}],
  ['2.0.2', {major: 2, minor: 0, patch: 2}],
])('the version "%s" is read as %j', (text, version) => {
  expect(readFlinkVersion(text)).toEqual(version);
});

test('versions are in order', () => {
  expect(isFlinkAtLeast(readFlinkVersion('1.11.2')!, 1, 11, 3)).toBe(false);
  expect(isFlinkAtLeast(readFlinkVersion('1.11')!, 1, 11, 3)).toBe(true);
  expect(isFlinkAtLeast(readFlinkVersion('2.0')!, 1, 20)).toBe(true);
});
