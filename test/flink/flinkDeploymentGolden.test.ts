/** What the real software answers about FlinkDeployments and FlinkSessionJobs, whole; see test/golden/flink/README.md. */
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import type {ApacheOperator} from '../../flink/flinkDeployment/apacheOperator.ts';
import {type ApacheQuestion, askApacheOperator} from '../../flink/flinkDeployment/askApacheOperator.ts';
import {flinkObjects} from '../../flink/flinkObjects.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';

type Answer = Readonly<Record<string, unknown>>;

interface Line extends ApacheQuestion {
  readonly id: number;
  readonly name: string;
}

interface Case extends Line {
  readonly results: readonly {readonly operator: readonly string[]; readonly out: Answer}[];
}

interface Variation extends Line {
  readonly out: Answer;
}

function linesOf<T>(file: string): readonly T[] {
  const text = gunzipSync(readFileSync(new URL(`../golden/flink/${file}.ndjson.gz`, import.meta.url))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** The order of properties on a command line and of names in a set means nothing. */
function withoutNoise(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    return value
      .replace(/(?:-D \S+ )+/g, (properties) =>
        properties
          .split(/(?<= )(?=-D )/)
          .sort()
          .join(''),
      )
      .replace(/Allowed keys are \[.*]/, (keys) => [...keys].sort().join(''));
  }
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutNoise(child)]));
}

const CASES = linesOf<Case>('apache').flatMap((line) =>
  line.results.flatMap(({operator, out}) => operator.map((version) => ({line, out, operator: version}))),
);

describe('every answer of the operator is the same', () => {
  test.each(CASES.map((item) => [`${item.line.id} ${item.line.name}, ${item.operator}`, item] as const))(
    '%s',
    (_name, {line, operator, out}) => {
      const answer = askApacheOperator(line, `apache-${operator}` as ApacheOperator);
      expect(withoutNoise(answer)).toEqual(withoutNoise(out));
    },
  );
});

describe('the objects to be scheduled are those of the answer, with namespace and owner', () => {
  const made = CASES.filter(({line, out}) => line.resource.kind === 'FlinkDeployment' && out.objects !== undefined);

  test.each(made.map((item) => [`${item.line.id} ${item.line.name}, ${item.operator}`, item] as const))(
    '%s',
    (_name, {line, operator, out}) => {
      const outcome = flinkObjects(line.resource, {operator: `apache-${operator}`});
      const expected = (out.objects as readonly KubernetesObject[]).filter(({kind}) => /Deployment|Pod/.test(kind));
      if (outcome.kind === 'refused') {
        // Flink refuses it, or the API server does: no pod may ask for less than no cpu.
        const asksForNothing = expected.some((object) => JSON.stringify(object).includes('"cpu":"-'));
        expect(out.deployError !== undefined || asksForNothing).toBe(true);
        return;
      }
      if (outcome.kind !== 'objects') throw new Error(`no objects: ${JSON.stringify(outcome)}`);
      const isSession = out.kind === 'session';
      // A native session shows the shape of a TaskManager to come, and each native job the first of its own.
      const wanted = expected.filter(({kind}) => kind !== 'Pod' || !isSession);
      const found = outcome.objects
        .map(({object}) => object)
        .filter(({kind, metadata}) => kind !== 'Pod' || /-1-1$/.test(metadata.name ?? ''));
      expect(found.map(({kind, metadata}) => `${kind}/${metadata.name}`)).toEqual(
        wanted.map(({kind, metadata}) => `${kind}/${metadata.name}`),
      );
      for (const [index, object] of found.entries()) {
        expect(object.metadata).toMatchObject({namespace: line.resource.metadata.namespace});
        expect(object.metadata.ownerReferences).toHaveLength(1);
        expect(resourcesOf(object)).toEqual(resourcesOf(wanted[index]!));
      }
      if (!isSession) expect(outcome.slots?.used).toBe(out.parallelism);
      const pods = outcome.objects.filter(({object}) => object.kind === 'Pod');
      if (out.mode === 'native' && !isSession) expect(pods).toHaveLength(out.taskManagersForJob as number);
    },
  );

  function resourcesOf({kind, spec}: KubernetesObject): unknown {
    type Pod = {readonly containers: readonly {readonly name: string; readonly resources?: unknown}[]};
    const pod = (kind === 'Pod' ? spec : (spec as {readonly template: {readonly spec: unknown}}).template.spec) as Pod;
    return pod.containers.map(({name, resources}) => [name, resources]);
  }
});

test.each(linesOf<Case>('apache-schema').map((line) => [line.name, line] as const))(
  'the API server says the same of %s',
  (_name, line) => {
    for (const {operator, out} of line.results) {
      for (const version of operator) {
        const answer = askApacheOperator(line, `apache-${version}` as ApacheOperator);
        expect(answer.schemaErrors ?? []).toEqual(out.schemaErrors);
      }
    }
  },
);

describe('operator 1.7.0 says the same of variations', () => {
  const groups = groupsOf(linesOf<Variation>('apache-variations'));

  test.each(groups)('%s', (_name, lines) => {
    for (const line of lines) expect(partsOf(line, 'apache-1.7.0')).toEqual({name: line.name, ...recorded(line)});
  });
});

describe('the client of Flink 1.20.1 makes the same of variations', () => {
  const groups = groupsOf(linesOf<Variation>('apache-client'));

  test.each(groups)('%s', (_name, lines) => {
    for (const line of lines) expect(partsOf(line, 'apache-1.15.0')).toEqual({name: line.name, ...recorded(line)});
  });
});

/** By the first words of their names. */
function groupsOf(lines: readonly Variation[]): readonly (readonly [string, readonly Variation[]])[] {
  const groups = new Map<string, Variation[]>();
  for (const line of lines) {
    const group = line.name
      .split(/[^a-zA-Z]/)
      .slice(0, 2)
      .join(' ');
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  return [...groups];
}

const RECORDED = [
  ...['error', 'validation', 'slotsPerTaskManager', 'parallelism', 'taskManagersForJob', 'objects'],
  ...['clusterSpecification', 'deployError', 'taskManagerError', 'taskManagerProcess', 'taskManagerJvm'],
];

function recorded({out}: Variation): Answer {
  return withoutNoise(out) as Answer;
}

/** What was recorded of the real software: of a session job no more than what is said against it. */
function partsOf(line: Variation, operator: ApacheOperator): Answer {
  const answer = withoutNoise(askApacheOperator(line, operator)) as Answer;
  const parts = line.resource.kind === 'FlinkSessionJob' ? RECORDED.slice(0, 2) : RECORDED;
  return {
    name: line.name,
    ...Object.fromEntries(parts.flatMap((part) => (Object.hasOwn(answer, part) ? [[part, answer[part]]] : []))),
  };
}
