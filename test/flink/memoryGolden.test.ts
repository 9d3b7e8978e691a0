/** Flink's own answers, of fifteen versions: every byte, every message, every line of the log. */
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {readFlinkVersion} from '../../flink/memory/flinkVersion.ts';
import {jobManagerMemory} from '../../flink/memory/jobManagerMemory.ts';
import type {MemoryAnswer} from '../../flink/memory/memoryAnswer.ts';
import type {Environment} from '../../flink/memory/processMemory.ts';
import {taskManagerMemory} from '../../flink/memory/taskManagerMemory.ts';

interface Case {
  readonly group: string;
  readonly target: 'tm' | 'jm';
  readonly env: Environment;
  readonly conf: Readonly<Record<string, string>>;
  readonly results: readonly {readonly flink: readonly string[]; readonly out: Readonly<Record<string, unknown>>}[];
}

const cases = gunzipSync(readFileSync(new URL('../golden/flink/memory.ndjson.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line, wideIntegers) as Case);

/** Sizes go beyond what a double can count. */
function wideIntegers(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? BigInt(context?.source ?? '') : value;
}

const groups = [...new Set(cases.map(({group}) => group))];

test.each(groups)('Flink answers %s', (group) => {
  for (const {target, env, conf, results} of cases.filter((one) => one.group === group)) {
    for (const {flink, out} of results) {
      for (const text of flink) {
        const question = {version: readFlinkVersion(text)!, environment: env};
        const values = new Map(Object.entries(conf));
        const answer = target === 'tm' ? taskManagerMemory(values, question) : jobManagerMemory(values, question);
        expect(asOut(answer), `${text} ${env} ${JSON.stringify(conf)}`).toEqual(out);
      }
    }
  }
});

test('the golden file holds all answers', () => {
  expect(cases).toHaveLength(807);
  const answers = cases.flatMap(({results}) => results.flatMap(({flink}) => flink));
  expect(answers).toHaveLength(12_105);
});

function asOut(answer: MemoryAnswer<object>): unknown {
  const out = 'memory' in answer ? narrow(answer.memory) : {error: answer.error};
  return answer.log.length === 0 ? out : {...(out as object), log: answer.log};
}

/** Sizes that a double counts exactly are numbers in the golden file. */
function narrow(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, narrow(item)]));
}
