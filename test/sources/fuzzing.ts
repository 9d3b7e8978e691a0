/** Inputs that nobody would write, and the law they are held to: nothing crashes and nothing is lost. */
import fc from 'fast-check';
import {Diagnostics, type Origin} from '../../model/diagnostic.ts';
import {type KubernetesObject, objectReference} from '../../model/kubernetes.ts';
import {loadInput} from '../../sources/node/loadInput.ts';
import {expand} from '../../workloads/expand.ts';

type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

/** Reads a text as standard input and expands what it holds, as every command does. */
export function wholeWay(bytes: Uint8Array) {
  const diagnostics = new Diagnostics();
  const input = loadInput(
    {
      filenames: ['-'],
      recursive: false,
      namespaceFromFile: undefined,
      validate: 'warn',
      nodePools: [],
      schedulerConfiguration: undefined,
      overrides: {},
      readStdin: () => [bytes],
    },
    diagnostics,
  );
  const {cronJobs, flinkOperator = null} = input.spec;
  const model = expand(input.objects, {nodes: input.nodes, cronJobs, flinkOperator, reschedule: false}, diagnostics);
  return {input, model, diagnostics};
}

/**
 * The items that were neither used nor named, by their index: the law is that there are none. An item is used when it
 * is a node, a workload, a pod, an object that the scheduler looks up, or one of a kind that is counted; it is named
 * when a diagnostic has its place or its reference, or the place of the one that replaces it.
 */
export function lostItems(items: readonly Json[]): readonly number[] {
  // One item a line, so that a line tells the item.
  const text = `{"apiVersion":"v1","kind":"List","items":[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]}`;
  const {input, model, diagnostics} = wholeWay(new TextEncoder().encode(text));
  const found = new Set<number>();
  const lineOf = (origin: Origin) => origin.at('').line;
  for (const {place, message} of diagnostics.all) {
    if (place !== undefined) found.add(place.line);
    const replaced = /at -:(\d+):\d+\)?$/.exec(message);
    if (replaced !== null) found.add(Number(replaced[1]));
  }
  const named = new Set(diagnostics.all.map(({object}) => object));
  const used = new Set<string>([
    ...model.workloads.map(({kind, namespace, name}) => objectReference(kind, namespace, name)),
    ...model.gangs.map(({kind, namespace, name}) => objectReference(kind, namespace, name)),
    ...model.pods.map((pod) => objectReference('Pod', pod.class.namespace, pod.name)),
    ...model.objects.map(referenceOf),
  ]);
  const counted = new Set(model.unusedKinds.map(({apiVersion, kind}) => `${apiVersion}/${kind}`));
  const hasEnded = diagnostics.all.some(({message}) => message.includes('succeeded or failed'));
  const isPartOfGang = ({metadata}: KubernetesObject) =>
    model.gangs.some(
      ({namespace, name}) => metadata.namespace === namespace && metadata.name?.startsWith(name) === true,
    );
  for (const {object, origin} of input.objects) {
    const reference = referenceOf(object);
    if (used.has(reference) || named.has(reference) || counted.has(`${object.apiVersion}/${object.kind}`)) {
      found.add(lineOf(origin));
    } else if ((object.kind === 'Pod' && hasEnded) || isPartOfGang(object)) found.add(lineOf(origin));
    // A pod without a name of its own gets one, from what fits of its generateName.
    else if (object.metadata.name === undefined || object.metadata.name === '') {
      const made = model.pods.some(({name}) => name.startsWith(String(object.metadata.generateName).slice(0, 50)));
      if (made) found.add(lineOf(origin));
    }
  }
  const nodes = new Set(input.nodes.map(({name}) => name));
  return items.flatMap((item, index) => {
    if (found.has(index + 2)) return [];
    const {kind, metadata, items: listed} = (item ?? {}) as {kind?: Json; metadata?: {name?: Json}; items?: Json};
    if (Array.isArray(listed) && listed.length === 0 && String(kind).endsWith('List')) return [];
    return kind === 'Node' && nodes.has(String(metadata?.name)) ? [] : [index];
  });
}

function referenceOf({kind, metadata}: KubernetesObject): string {
  return objectReference(kind, metadata.namespace, metadata.name ?? '');
}

const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'toJSON',
  'length',
  '',
  '\0',
  'a/b~c',
  '<<',
  'items',
  'kind',
];
/** No count of replicas that is allowed and large: it would only take time. */
const HOSTILE_VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 3, 1.5, 2 ** 31, 2 ** 53, 1e21, 1e308],
  ...[
    '',
    ' ',
    '0',
    '1',
    '-1',
    '1e9999',
    '100m',
    '8 cores',
    '1Gi',
    '2048m',
    '９',
    '\0',
    '\uFFFF',
    '__proto__',
    '../..',
    '*',
  ],
  ...['x'.repeat(300), '2026-01-01T00:00:00Z', 'Always', [], {}, [null], [[]], [{}], {a: null}, {'': ''}],
];

const key = fc.oneof(fc.constantFrom(...HOSTILE_KEYS), fc.string({maxLength: 6}));
const {value: json} = fc.letrec<{value: Json}>((tie) => ({
  value: fc.oneof(
    {maxDepth: 4},
    fc.constantFrom(...HOSTILE_VALUES),
    fc.string({maxLength: 10}),
    fc.array(tie('value'), {maxLength: 4}),
    fc.dictionary(key, tie('value'), {maxKeys: 4}),
  ),
}));

/** An object with a few of its values replaced, removed or joined by others. */
function mutated(objects: readonly Json[]): fc.Arbitrary<Json> {
  const change = fc.record({at: fc.nat(1000), by: fc.oneof(json, fc.constant(undefined)), key});
  return fc
    .tuple(fc.constantFrom(...objects), fc.array(change, {maxLength: 4}))
    .map(([object, changes]) =>
      changes.reduce<Json>((value, {at, by, key: name}) => replaced(value, at, by, name), object),
    );
}

function replaced(root: Json, at: number, by: Json | undefined, name: string): Json {
  const paths = pathsOf(root, []);
  const path = paths[at % paths.length]!;
  const change = (value: Json, depth: number): Json | undefined => {
    if (depth === path.length) {
      // Beside replacing a value, a key may come in that does not belong there.
      if (at % 5 === 0 && isMap(value)) return withMember(value, name, by ?? null);
      return by;
    }
    if (Array.isArray(value)) {
      return value.flatMap((item: Json, index) => {
        if (String(index) !== path[depth]) return [item];
        const next = change(item, depth + 1);
        return next === undefined ? [] : [next];
      });
    }
    const members = Object.entries(value as {[key: string]: Json}).flatMap(([member, item]) => {
      const next = member === path[depth] ? change(item, depth + 1) : item;
      return next === undefined ? [] : [[member, next] as const];
    });
    return Object.fromEntries(members);
  };
  return change(root, 0) ?? null;
}

function pathsOf(value: Json, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([member, item]) => pathsOf(item as Json, [...path, member]))];
}

function isMap(value: Json): value is {readonly [key: string]: Json} {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withMember(value: {readonly [key: string]: Json}, name: string, member: Json): Json {
  return Object.fromEntries([...Object.entries(value), [name, member]]);
}

const BYTES = fc.oneof(
  fc.uint8Array({maxLength: 200}),
  fc.string({unit: 'binary', maxLength: 200}).map((text) => new TextEncoder().encode(text)),
  // Pieces of YAML and of every format that is recognised.
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '---\n',
          '- ',
          'a: ',
          '&x ',
          '*x',
          '{',
          '}',
          '[',
          ']',
          ',',
          '"',
          "'",
          '|\n',
          '\n',
          '  ',
          '\t',
          '<<: ',
        ),
        fc.constantFrom(
          'apiVersion: v1\n',
          'kind: Pod\n',
          'metadata: {name: x}\n',
          'items:\n',
          '!!binary ',
          '? ',
          '%YAML 1.1\n',
        ),
        fc.constantFrom(
          'sn,cpu_milli,memory_mib,gpu,model\n',
          'n,1,1,1,\n',
          '{"pods":[',
          '"nodes":[]',
          '{"version":2,"events":[',
        ),
        fc.constantFrom('apiVersion: stowage.dev/v1alpha1\nkind: Scenario\n', 'spec: {include: [.]}\n'),
        fc.string({maxLength: 5}),
      ),
      {maxLength: 30},
    )
    .map((parts) => new TextEncoder().encode(parts.join(''))),
  json.map((value) => new TextEncoder().encode(JSON.stringify(value))),
  fc
    .uint8Array({maxLength: 60})
    .map((bytes) => Uint8Array.of(0x82, 0xa7, ...new TextEncoder().encode('version'), ...bytes)),
);

/** Whatever bytes come in, there is an outcome. */
export function bytesProperty(): fc.IProperty<[Uint8Array]> {
  return fc.property(BYTES, (bytes) => {
    wholeWay(bytes);
  });
}

/** Of any list of objects, each is used or named. */
export function itemsProperty(objects: readonly Json[]): fc.IProperty<[Json[]]> {
  const item = fc.oneof({weight: 6, arbitrary: mutated(objects)}, {weight: 1, arbitrary: json});
  return fc.property(fc.array(item, {minLength: 1, maxLength: 6}), (items) => {
    const lost = lostItems(items);
    if (lost.length > 0) throw new Error(`lost: ${JSON.stringify(lost.map((index) => items[index]))}`);
  });
}
