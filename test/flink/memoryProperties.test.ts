/** What holds of the memory of any configuration. A failure prints its seed and path, with which it runs again. */
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {COMPONENTS, componentMemory} from '../../flink/memory/component.ts';
import {FLINK_RELEASES, readFlinkVersion} from '../../flink/memory/flinkVersion.ts';
import {jobManagerMemory} from '../../flink/memory/jobManagerMemory.ts';
import type {MemoryQuestion} from '../../flink/memory/memoryAnswer.ts';
import {optionKinds} from '../../flink/memory/memoryOptions.ts';
import {memoryOrigins} from '../../flink/memory/memoryOrigins.ts';
import {memoryRemedies} from '../../flink/memory/memoryRemedies.ts';
import {taskManagerMemory} from '../../flink/memory/taskManagerMemory.ts';

const SEED = 20_261_124;
const RUNS = {seed: SEED, numRuns: 400};

const mebibytes = fc.integer({min: 0, max: 40_000}).map((count) => `${count}m`);
const size = fc.oneof(mebibytes, mebibytes, fc.bigInt({min: 0n, max: 2n ** 63n - 1n}).map(String));
const fraction = fc.oneof(
  fc.constantFrom('0', '0.1', '0.4', '.5f', '0x1p-3', '0.9999'),
  fc.double({min: 0, max: 0.95, noNaN: true}).map(String),
);
const number = fc.integer({min: 1, max: 64}).map(String);
const anything = fc.oneof(
  fc.string(),
  fc.constantFrom('', ' ', '2Gi', '1.5g', '-1', 'NaN', '1e400', '50%', '0x', '\u0000'),
);

const question: fc.Arbitrary<MemoryQuestion> = fc.record({
  version: fc.constantFrom(...FLINK_RELEASES).map((text) => readFlinkVersion(text)!),
  environment: fc.constantFrom('standalone', 'active'),
});

type Component = (typeof COMPONENTS)[number];

/** A few options of a component, each with a value of its kind, or any text at all. */
function configuration(component: Component, wild: boolean): fc.Arbitrary<ReadonlyMap<string, string>> {
  const byKind = {size, fraction, number, boolean: fc.constantFrom('true', 'false')};
  const entries = [...optionKinds(component)].map(([key, kind]) =>
    fc.tuple(fc.constant(key), wild ? fc.oneof({weight: 4, arbitrary: byKind[kind]}, anything) : byKind[kind]),
  );
  const total = fc.tuple(fc.constant(`${component}.memory.process.size`), mebibytes);
  return fc
    .tuple(total, fc.array(fc.oneof(...entries), {maxLength: 4}))
    .map(([first, rest]) => new Map([first, ...rest]));
}

const asked = fc
  .constantFrom(...COMPONENTS)
  .chain((component) =>
    fc.record({component: fc.constant(component), values: configuration(component, true), question}),
  );

test('every configuration has an answer, an explanation or a way out, and asking twice gives the same', () => {
  fc.assert(
    fc.property(asked, ({component, values, question}) => {
      const answer = componentMemory(component, values, question);
      expect(componentMemory(component, values, question)).toEqual(answer);
      if ('memory' in answer) expect(memoryOrigins(component, answer.memory, values, question)).not.toEqual({});
      else expect(answer.error.length).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

test('every remedy makes the configuration start', () => {
  let remedies = 0;
  fc.assert(
    fc.property(asked, ({component, values, question}) => {
      if ('memory' in componentMemory(component, values, question)) return;
      for (const {set} of memoryRemedies(component, values, question)) {
        remedies += 1;
        const changed = new Map([...values, ...Object.entries(set)]);
        expect(componentMemory(component, changed, question)).toHaveProperty('memory');
      }
    }),
    RUNS,
  );
  expect(remedies).toBeGreaterThan(50);
});

test('the parts of a TaskManager add up, to the byte', () => {
  let started = 0;
  fc.assert(
    fc.property(configuration('taskmanager', false), question, (values, asked) => {
      const answer = taskManagerMemory(values, asked);
      if ('error' in answer) return;
      started += 1;
      const {memory} = answer;
      expect(memory.heap).toBe(memory.frameworkHeap + memory.taskHeap);
      expect(memory.direct).toBe(memory.frameworkOffHeap + memory.taskOffHeap + memory.network);
      expect(memory.flink).toBe(memory.heap + memory.direct + memory.managed);
      expect(memory.process).toBe(memory.flink + memory.metaspace + memory.overhead);
      for (const part of ['taskHeap', 'taskOffHeap', 'managed', 'network'] as const) {
        const shared = memory.slot[part] * BigInt(memory.slots);
        expect(memory[part] - shared).toBeGreaterThanOrEqual(0n);
        expect(memory[part] - shared).toBeLessThan(BigInt(memory.slots));
      }
    }),
    RUNS,
  );
  expect(started).toBeGreaterThan(50);
});

test('the parts of a JobManager add up, to the byte', () => {
  let started = 0;
  fc.assert(
    fc.property(configuration('jobmanager', false), question, (values, asked) => {
      const answer = jobManagerMemory(values, asked);
      if ('error' in answer || !('process' in answer.memory)) return;
      started += 1;
      const {memory} = answer;
      expect(memory.flink).toBe(memory.heap + memory.offHeap);
      expect(memory.process).toBe(memory.flink + memory.metaspace + memory.overhead);
    }),
    RUNS,
  );
  expect(started).toBeGreaterThan(50);
});

test('a larger process has no smaller part', () => {
  fc.assert(
    fc.property(
      fc.bigInt({min: 2n ** 20n, max: 2n ** 42n}),
      fc.bigInt({min: 0n, max: 2n ** 32n}),
      question,
      (small, more, asked) => {
        const of = (bytes: bigint) =>
          taskManagerMemory(new Map([['taskmanager.memory.process.size', `${bytes}`]]), asked);
        const [less, larger] = [of(small), of(small + more)];
        if ('error' in less) return;
        if ('error' in larger) throw new Error(`${small + more} bytes do not start`);
        for (const part of ['flink', 'taskHeap', 'managed', 'network', 'overhead', 'heap', 'direct'] as const) {
          // Each part is cut to a whole byte on its own, so that the heap, which is the rest, may lose one for each.
          expect(larger.memory[part] - less.memory[part], part).toBeGreaterThanOrEqual(-3n);
        }
      },
    ),
    RUNS,
  );
});
