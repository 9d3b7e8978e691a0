import {dirname, relative, resolve} from 'node:path';
import {findCatalog} from '../../catalog/catalogs.ts';
import {type Diagnostics, type Origin, placeOf} from '../../model/diagnostic.ts';
import type {NodeObject} from '../../model/kubernetes.ts';
import {type Node, toNode} from '../../model/node.ts';
import type {InputObject} from '../../workloads/inputObject.ts';
import {digestOf} from '../digest.ts';
import {parseDocuments, type SourceDocument, type SourceFile} from '../documents.ts';
import {mergeObjects, readManifests, type Validate} from '../manifests.ts';
import {scenarioNodes} from '../nodePools.ts';
import {applyOverlays} from '../overlays.ts';
import {
  SCENARIO_API_VERSION,
  type Scenario,
  type ScenarioSpec,
  scenarioSchema,
  scenarioSpecSchema,
} from '../scenarioSchema.ts';
import {parseWithSchema} from '../schemaErrors.ts';
import {fileName, readSource} from './readFiles.ts';

/** What the flags of `simulate` and its kin say about the input; what is undefined is the scenario's to say. */
export interface InputOptions {
  readonly filenames: readonly string[];
  readonly recursive: boolean;
  readonly namespaceFromFile: RegExp | undefined;
  readonly validate: Validate;
  readonly nodePools: readonly {readonly instanceType: string; readonly count: number}[];
  readonly schedulerConfiguration: string | undefined;
  readonly overrides: Partial<Pick<ScenarioSpec, 'catalog' | 'kubernetesVersion' | 'flinkOperator' | 'seed'>> & {
    readonly percentageOfNodesToScore?: number;
    readonly ties?: ScenarioSpec['scheduler']['ties'];
  };
  readonly readStdin: () => Uint8Array;
}

/** Everything that was given, read, checked and changed as the scenario says; not yet expanded to pods. */
export interface LoadedInput {
  readonly scenario: string | null;
  readonly spec: ScenarioSpec;
  readonly nodes: readonly Node[];
  readonly objects: readonly InputObject[];
  readonly schedulerConfiguration: SourceDocument | null;
  readonly currency: string | null;
  readonly digest: string;
}

/** Reads every source; problems are collected, so that all of them are known at the end. */
export function loadInput(options: InputOptions, diagnostics: Diagnostics): LoadedInput {
  const {filenames, recursive, readStdin, validate} = options;
  const files = filenames.flatMap((path) => readSource(path, {recursive, readStdin}, diagnostics));
  const scenarios: SourceDocument[] = [];
  const objects = files.flatMap((file) => {
    const documents = parseDocuments(file, diagnostics);
    scenarios.push(...documents.filter(isScenario));
    const namespace = namespaceOf(file, options.namespaceFromFile) ?? 'default';
    return readManifests(documents.filter(isNoScenario), {namespace, validate}, diagnostics);
  });
  const read = readScenario(scenarios, diagnostics);
  const scenario = read?.scenario;
  const origin = read?.origin ?? FLAGS;
  if (read !== undefined) objects.push(...readIncludes(read.include, origin, options, diagnostics));

  const spec = effectiveSpec(scenario?.spec, options);
  const merged = mergeObjects(objects, diagnostics);
  const nodes = [
    ...merged.flatMap((input) => nodeOf(input, spec.catalog, diagnostics)),
    ...scenarioNodes(spec, origin, diagnostics),
  ];
  reportEqualNames(nodes, origin, diagnostics);
  const others = merged.filter(({object}) => object.kind !== 'Node' || object.apiVersion !== 'v1');
  const overlaid = applyOverlays({objects: others, nodes}, spec.overlays, origin, diagnostics);
  const schedulerConfiguration = readSchedulerConfiguration(scenario, origin, options, diagnostics);
  const {include: _paths, ...parameters} = spec;
  return {
    scenario: scenario?.metadata.name ?? null,
    spec,
    ...overlaid,
    schedulerConfiguration,
    currency: findCatalog(spec.catalog)?.currency ?? null,
    digest: digestOf([
      parameters,
      schedulerConfiguration?.value ?? null,
      ...overlaid.nodes,
      ...overlaid.objects.map(({object}) => object),
    ]),
  };
}

/** Stands for the command line where no scenario says something. */
const FLAGS: Origin = {file: 'command line', at: () => ({line: 1, column: 1})};

function isScenario({value}: SourceDocument): boolean {
  const {apiVersion, kind} = (value ?? {}) as {apiVersion?: unknown; kind?: unknown};
  return kind === 'Scenario' && typeof apiVersion === 'string' && apiVersion.startsWith('stowage.dev/');
}

function isNoScenario(document: SourceDocument): boolean {
  return !isScenario(document);
}

interface ReadScenario {
  /** Undefined when it is not valid. */
  readonly scenario: Scenario | undefined;
  /** Known even then, where it can be made out, so that the problems of the manifests are found in the same run. */
  readonly include: ScenarioSpec['include'];
  readonly origin: Origin;
}

function readScenario(documents: readonly SourceDocument[], diagnostics: Diagnostics): ReadScenario | undefined {
  const [first, ...rest] = documents;
  for (const {origin} of rest) {
    diagnostics.error('STW-1005', 'a second Scenario', {
      hint: 'give one at a time; use overlays for variants',
      place: placeOf(origin, ''),
    });
  }
  if (first === undefined) return undefined;
  const {apiVersion} = first.value as {apiVersion: string};
  if (apiVersion !== SCENARIO_API_VERSION) {
    diagnostics.error('STW-1003', `"${apiVersion}" is not a version of Scenario known here`, {
      hint: `write ${SCENARIO_API_VERSION}`,
      place: placeOf(first.origin, '/apiVersion'),
    });
    return undefined;
  }
  const scenario = parseWithSchema(scenarioSchema, first.value, first.origin, diagnostics);
  const {spec} = first.value as {spec?: {include?: unknown}};
  const include = scenario?.spec.include ?? scenarioSpecSchema.shape.include.safeParse(spec?.include).data ?? [];
  return {scenario, include, origin: first.origin};
}

function readIncludes(
  includes: ScenarioSpec['include'],
  origin: Origin,
  options: InputOptions,
  diagnostics: Diagnostics,
): InputObject[] {
  const root = origin.file === '-' ? '.' : dirname(origin.file);
  return includes.flatMap((entry, index) => {
    const include = typeof entry === 'string' ? {path: entry, recursive: false} : entry;
    const place = placeOf(origin, `/spec/include/${index}`);
    const path = resolve(root, include.path);
    if (relative(resolve(root), path).startsWith('..')) {
      diagnostics.error('STW-1007', `"${include.path}" lies outside the scenario's directory`, {
        hint: 'move the manifests below it, or give them with -f',
        place,
      });
      return [];
    }
    const name = relative('.', path) || '.';
    const {recursive} = include;
    const files = readSource(name, {recursive, readStdin: options.readStdin}, diagnostics);
    const pattern = 'namespaceFromFile' in include ? include.namespaceFromFile : undefined;
    const fixed = 'namespace' in include ? include.namespace : undefined;
    return files.flatMap((file) => {
      const documents = parseDocuments(file, diagnostics);
      for (const document of documents.filter(isScenario)) {
        // The directory of the scenario itself may be included; another scenario may not.
        if (resolve(file.name) === resolve(origin.file)) continue;
        diagnostics.error('STW-1005', 'a scenario cannot include another one', {place: placeOf(document.origin, '')});
      }
      const namespace =
        namespaceOf(file, pattern === undefined ? options.namespaceFromFile : new RegExp(pattern)) ??
        fixed ??
        'default';
      return readManifests(documents.filter(isNoScenario), {namespace, validate: options.validate}, diagnostics);
    });
  });
}

function namespaceOf(file: SourceFile, pattern: RegExp | undefined): string | undefined {
  return pattern?.exec(fileName(file))?.[1];
}

function effectiveSpec(spec: ScenarioSpec | undefined, options: InputOptions): ScenarioSpec {
  const {percentageOfNodesToScore, ties, ...overrides} = options.overrides;
  const base = spec ?? scenarioSpecSchema.parse({});
  const pools = options.nodePools.map(({instanceType, count}) => ({
    name: instanceType.replaceAll('.', '-'),
    instanceType,
    count,
  }));
  return {
    ...base,
    ...overrides,
    nodePools: [...base.nodePools, ...pools],
    scheduler: {
      ...base.scheduler,
      ...(percentageOfNodesToScore === undefined ? {} : {percentageOfNodesToScore}),
      ...(ties === undefined ? {} : {ties}),
    },
  };
}

function nodeOf({object, origin}: InputObject, catalogName: string, diagnostics: Diagnostics): Node[] {
  if (object.kind !== 'Node' || object.apiVersion !== 'v1') return [];
  const {status} = object as NodeObject;
  if (status?.allocatable === undefined && status?.capacity === undefined) {
    diagnostics.error('STW-1008', `Node/${object.metadata.name} has neither status.allocatable nor status.capacity`, {
      hint: 'take nodes from "kubectl get nodes -o json", or describe them in a scenario',
      place: placeOf(origin, ''),
      object: `Node/${object.metadata.name}`,
    });
    return [];
  }
  const node = toNode(object as NodeObject);
  const type = node.instanceType === null ? undefined : findCatalog(catalogName)?.instanceTypes.get(node.instanceType);
  return [{...node, pricePerHour: type?.pricePerHour ?? null}];
}

function reportEqualNames(nodes: readonly Node[], origin: Origin, diagnostics: Diagnostics): void {
  const seen = new Set<string>();
  for (const {name} of nodes) {
    if (seen.has(name)) {
      diagnostics.error('STW-1005', `Node/${name} is given twice`, {
        hint: 'rename a node or a node pool; the nodes of pool NAME are called NAME-1, NAME-2 …',
        place: placeOf(origin, ''),
        object: `Node/${name}`,
      });
    }
    seen.add(name);
  }
}

function readSchedulerConfiguration(
  scenario: Scenario | undefined,
  origin: Origin,
  options: InputOptions,
  diagnostics: Diagnostics,
): SourceDocument | null {
  const own = scenario?.spec.scheduler.configuration;
  const path =
    options.schedulerConfiguration ??
    (own === undefined ? undefined : relative('.', resolve(dirname(origin.file), own)));
  if (path === undefined) return null;
  const {readStdin} = options;
  const [document, ...rest] = readSource(path, {recursive: false, readStdin}, diagnostics).flatMap((file) =>
    parseDocuments(file, diagnostics),
  );
  for (const {origin: second} of rest) {
    diagnostics.error('STW-1011', 'a second document in the scheduler configuration', {place: placeOf(second, '')});
  }
  return document ?? null;
}
