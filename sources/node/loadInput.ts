import {realpathSync} from 'node:fs';
import {dirname, isAbsolute, relative, resolve, sep} from 'node:path';
import type {Catalog} from '../../catalog/instanceType.ts';
import {type Diagnostics, type Origin, placeOf} from '../../model/diagnostic.ts';
import type {NodeObject} from '../../model/kubernetes.ts';
import {type Node, toNode} from '../../model/node.ts';
import type {CustomResourceRule} from '../../workloads/customResources/rule.ts';
import type {InputObject} from '../../workloads/inputObject.ts';
import {takeCustomResourceRules} from '../customResourceRules.ts';
import {digestOf} from '../digest.ts';
import type {SourceDocument} from '../documents.ts';
import {type InputFile, readDocuments} from '../formats.ts';
import {mergeObjects, readManifests, type Validate} from '../manifests.ts';
import {type FindCatalog, scenarioNodes} from '../nodePools.ts';
import {applyOverlays, type Overlaid} from '../overlays.ts';
import {
  SCENARIO_API_VERSION,
  type Scenario,
  type ScenarioSpec,
  scenarioSchema,
  scenarioSpecSchema,
} from '../scenarioSchema.ts';
import {parseWithSchema} from '../schemaErrors.ts';
import {SharedValues} from '../sharedValues.ts';
import {isCatalogFile, loadCatalog} from './loadCatalog.ts';
import {fileName, readSource} from './readFiles.ts';
import {type HelmChart, renderChart, renderKustomization} from './renderers.ts';

/** What the flags of `simulate` and its kin say about the input; what is undefined is the scenario's to say. */
export interface InputOptions {
  readonly filenames: readonly string[];
  readonly recursive: boolean;
  /** Directory of a kustomization. */
  readonly kustomize?: string | undefined;
  readonly helm?: HelmChart | undefined;
  /** Of objects of the kustomization or the chart that name none; `default` when undefined. */
  readonly namespace?: string | undefined;
  readonly namespaceFromFile: RegExp | undefined;
  readonly validate: Validate;
  readonly nodePools: readonly {readonly instanceType: string; readonly count: number}[];
  readonly schedulerConfiguration: string | undefined;
  readonly overrides: Partial<Pick<ScenarioSpec, 'catalog' | 'kubernetesVersion' | 'flinkOperator' | 'seed'>> & {
    readonly percentageOfNodesToScore?: number;
    readonly ties?: ScenarioSpec['scheduler']['ties'];
  };
  /** Standard input to its end, piece by piece. */
  readonly readStdin: () => Iterable<Uint8Array>;
}

/** Everything that was given, read, checked and changed as the scenario says; not yet expanded to pods. */
export interface LoadedInput {
  readonly scenario: string | null;
  readonly spec: ScenarioSpec;
  readonly nodes: readonly Node[];
  readonly objects: readonly InputObject[];
  readonly customResourceRules: readonly CustomResourceRule[];
  readonly schedulerConfiguration: SourceDocument | null;
  readonly catalog: Catalog | null;
  readonly currency: string | null;
  readonly digest: string;
}

/** Reads every source; problems are collected, so that all of them are known at the end. */
export function loadInput(options: InputOptions, diagnostics: Diagnostics): LoadedInput {
  const {validate} = options;
  const shared = new SharedValues();
  const objects: InputObject[] = [];
  const scenarios: SourceDocument[] = [];
  const configurations: SourceDocument[] = [];
  for (const {file, namespace} of inputFiles(options, diagnostics)) {
    for (const document of readDocuments(file, diagnostics)) {
      if (isScenario(document)) scenarios.push(document);
      else if (document.role === 'schedulerConfiguration') configurations.push(document);
      else
        for (const input of readManifests([document], {namespace, validate, shared}, diagnostics)) objects.push(input);
    }
  }
  // The scenario that others start from comes first.
  const chain = readScenarios(scenarios, diagnostics);
  const origin = chain.at(-1)?.origin ?? FLAGS;
  for (const read of chain) {
    for (const input of readIncludes(read, options, shared, diagnostics)) objects.push(input);
  }

  const spec = effectiveSpec(chain, options);
  const catalog = readCatalog(spec.catalog, chain, options, diagnostics);
  const find: FindCatalog = () => catalog;
  const taken = takeCustomResourceRules(objects, diagnostics);
  const merged = mergeObjects(taken.objects, diagnostics);
  const nodes = [
    ...merged.flatMap((input) => nodeOf(input, catalog, diagnostics)),
    ...chain.flatMap((read, index) => {
      if (read.scenario === undefined) return [];
      const later = new Set(
        chain.slice(index + 1).flatMap(({scenario}) => scenario?.spec.nodePools.map(({name}) => name) ?? []),
      );
      // A pool that a later scenario replaces keeps its place in the list, so that diagnostics point at the right one.
      const nodePools = read.scenario.spec.nodePools.map((pool) => (later.has(pool.name) ? {...pool, count: 0} : pool));
      return scenarioNodes({...spec, nodePools, nodes: read.scenario.spec.nodes}, read.origin, diagnostics, find);
    }),
    ...scenarioNodes({...spec, nodePools: flagPools(options), nodes: []}, FLAGS, diagnostics, find),
  ];
  reportEqualNames(nodes, origin, diagnostics);
  const others = merged.filter(({object}) => object.kind !== 'Node' || object.apiVersion !== 'v1');
  const overlaid = chain.reduce(
    (current: Overlaid, read) => applyOverlays(current, read.scenario?.spec.overlays ?? [], read.origin, diagnostics),
    {objects: others, nodes},
  );
  const given = readSchedulerConfiguration(chain, options, diagnostics);
  const schedulerConfiguration = theConfiguration(given, configurations, diagnostics);
  const {include: _paths, base: _base, customResources: _rules, ...parameters} = spec;
  return {
    scenario: chain.at(-1)?.scenario?.metadata.name ?? null,
    spec,
    ...overlaid,
    customResourceRules: taken.rules,
    schedulerConfiguration,
    catalog: catalog ?? null,
    currency: catalog?.currency ?? null,
    digest: digestOf([
      {...parameters, catalog: catalog?.name ?? spec.catalog},
      schedulerConfiguration?.value ?? null,
      ...overlaid.nodes,
      ...overlaid.objects.map(({object}) => object),
      ...taken.rules,
    ]),
  };
}

/** What the flags name as input, as the user gave it. */
export function inputNames({filenames, kustomize, helm}: InputOptions): readonly string[] {
  return [...filenames, ...(kustomize === undefined ? [] : [kustomize]), ...(helm === undefined ? [] : [helm.chart])];
}

/** The files of all flags, in the order -f, kustomization, chart. */
function inputFiles(
  options: InputOptions,
  diagnostics: Diagnostics,
): readonly {readonly file: InputFile; readonly namespace: string}[] {
  const {filenames, recursive, kustomize, helm, namespace = 'default', readStdin} = options;
  const files = filenames.flatMap((path) => readSource(path, {recursive, readStdin}, diagnostics));
  const rendered = [
    ...(kustomize === undefined ? [] : renderKustomization(kustomize, diagnostics)),
    ...(helm === undefined ? [] : renderChart(helm, diagnostics)),
  ];
  return [
    ...files.map((file) => ({file, namespace: namespaceOf(file, options.namespaceFromFile) ?? 'default'})),
    ...rendered.map((file) => ({file, namespace})),
  ];
}

/** The configuration that counts: the one stated, else that of a snapshot. */
function theConfiguration(
  given: SourceDocument | null,
  ofSnapshots: readonly SourceDocument[],
  diagnostics: Diagnostics,
): SourceDocument | null {
  const chosen = given ?? ofSnapshots.at(-1) ?? null;
  for (const {origin} of ofSnapshots.filter((one) => one !== chosen)) {
    diagnostics.warn('STW-2010', 'the scheduler configuration of the snapshot is not used: another one is given', {
      place: placeOf(origin, ''),
    });
  }
  return chosen;
}

/** Stands for the command line where no scenario says something. */
const FLAGS: Origin = {file: 'command line', at: () => ({line: 1, column: 1})};

function isScenario({value}: SourceDocument): boolean {
  const {apiVersion, kind} = (value ?? {}) as {apiVersion?: unknown; kind?: unknown};
  return kind === 'Scenario' && typeof apiVersion === 'string' && apiVersion.startsWith('stowage.dev/');
}

interface ReadScenario {
  /** Undefined when it is not valid. */
  readonly scenario: Scenario | undefined;
  /** Known even then, where it can be made out, so that the problems of the manifests are found in the same run. */
  readonly include: ScenarioSpec['include'];
  /** The fields of spec that the file itself states; the others have their defaults. */
  readonly stated: ReadonlySet<string>;
  readonly origin: Origin;
}

/** The scenario of the input and those it starts from, the outermost base first. */
function readScenarios(documents: readonly SourceDocument[], diagnostics: Diagnostics): readonly ReadScenario[] {
  const [first, ...rest] = documents;
  for (const {origin} of rest) {
    diagnostics.error('STW-1017', 'a second Scenario', {
      hint: 'give one at a time; use overlays for variants',
      place: placeOf(origin, ''),
    });
  }
  const chain: ReadScenario[] = [];
  const files = new Set<string>();
  let next = first;
  while (next !== undefined) {
    files.add(resolve(next.origin.file));
    const read = readScenario(next, diagnostics);
    if (read === undefined) break;
    chain.unshift(read);
    next = readBase(read, files, diagnostics);
  }
  return chain;
}

function readScenario({value, origin}: SourceDocument, diagnostics: Diagnostics): ReadScenario | undefined {
  const {apiVersion, spec = {}} = value as {apiVersion: string; spec?: Readonly<Record<string, unknown>> | null};
  if (apiVersion !== SCENARIO_API_VERSION) {
    diagnostics.error('STW-1003', `"${apiVersion}" is not a version of Scenario known here`, {
      hint: `write ${SCENARIO_API_VERSION}`,
      place: placeOf(origin, '/apiVersion'),
    });
    return undefined;
  }
  const scenario = parseWithSchema(scenarioSchema, value, origin, diagnostics);
  const include = scenario?.spec.include ?? scenarioSpecSchema.shape.include.safeParse(spec?.include).data ?? [];
  return {scenario, include, stated: new Set(Object.keys(spec ?? {})), origin};
}

/** The scenario that another starts from: a sibling of its directory, or something below that. */
function readBase(
  {scenario, origin}: ReadScenario,
  seen: ReadonlySet<string>,
  diagnostics: Diagnostics,
): SourceDocument | undefined {
  const base = scenario?.spec.base;
  if (base === undefined) return undefined;
  const place = placeOf(origin, '/spec/base');
  const directory = origin.file === '-' ? '.' : dirname(origin.file);
  const path = resolve(directory, base);
  if (relative(resolve(directory, '..'), path).startsWith('..')) {
    diagnostics.error('STW-1007', `"${base}" lies outside the directories beside the scenario`, {
      hint: 'a base is a sibling of the scenario: ../NAME',
      place,
    });
    return undefined;
  }
  const [file] = readSource(relative('.', path) || '.', {recursive: false, readStdin: () => []}, diagnostics);
  if (file === undefined) return undefined;
  const document = [...readDocuments(file, diagnostics)].find(isScenario);
  if (document === undefined) {
    diagnostics.error('STW-1007', `"${base}" holds no Scenario`, {
      hint: 'name a scenario file or its directory',
      place,
    });
    return undefined;
  }
  if (seen.has(resolve(document.origin.file))) {
    diagnostics.error('STW-1007', `"${base}" starts from this scenario again: the bases form a circle`, {
      hint: 'remove one of the bases',
      place,
    });
    return undefined;
  }
  return document;
}

/** What a scenario includes, and its rules for custom resources. */
function readIncludes(
  {scenario, include: includes, origin}: ReadScenario,
  options: InputOptions,
  shared: SharedValues,
  diagnostics: Diagnostics,
): InputObject[] {
  const root = origin.file === '-' ? '.' : dirname(origin.file);
  const rules = scenario?.spec.customResources;
  return [...includes, ...(rules === undefined ? [] : [rules])].flatMap((entry, index) => {
    const include = typeof entry === 'string' ? {path: entry, recursive: false} : entry;
    const place = placeOf(origin, index < includes.length ? `/spec/include/${index}` : '/spec/customResources');
    const path = resolve(root, include.path);
    if (!isBelow(resolve(root), path)) {
      diagnostics.error('STW-1007', `"${include.path}" lies outside the scenario's directory`, {
        hint: 'move the manifests below it, or give them with -f',
        place,
      });
      return [];
    }
    if (path === resolve(origin.file)) {
      diagnostics.error('STW-1017', 'a scenario cannot include itself', {
        hint: 'remove the entry, or name the manifests that are meant',
        place,
      });
      return [];
    }
    const name = relative('.', path) || '.';
    const within = relative('.', resolve(origin.file));
    const {recursive} = include;
    const files = readSource(name, {recursive, readStdin: options.readStdin, within}, diagnostics);
    const pattern = 'namespaceFromFile' in include ? include.namespaceFromFile : undefined;
    const fixed = 'namespace' in include ? include.namespace : undefined;
    return files.flatMap((file) => {
      const ofFile = namespaceOf(file, pattern === undefined ? options.namespaceFromFile : new RegExp(pattern));
      const namespace = ofFile ?? fixed ?? 'default';
      return [...readDocuments(file, diagnostics)].flatMap((document) => {
        if (!isScenario(document)) {
          return readManifests([document], {namespace, validate: options.validate, shared}, diagnostics);
        }
        diagnostics.error('STW-1017', 'a scenario cannot include another one', {
          hint: 'name its manifests, or start from it with "base"',
          place: placeOf(document.origin, ''),
        });
        return [];
      });
    });
  });
}

/** Whether a path is a directory or below it, also where links on the way lead elsewhere. */
function isBelow(directory: string, path: string): boolean {
  const lies = (from: string, to: string): boolean => {
    const way = relative(from, to);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  if (!lies(directory, path)) return false;
  try {
    return lies(realpathSync(directory), realpathSync(path));
  } catch {
    // What does not exist is reported as such where it is read.
    return true;
  }
}

function namespaceOf(file: InputFile, pattern: RegExp | undefined): string | undefined {
  return pattern?.exec(fileName(file))?.[1];
}

/** What holds in the end: flags outrank the scenario, which outranks its base. Machines and overlays are not merged here. */
function effectiveSpec(chain: readonly ReadScenario[], options: InputOptions): ScenarioSpec {
  const {percentageOfNodesToScore, ties, ...overrides} = options.overrides;
  let spec = scenarioSpecSchema.parse({});
  for (const {scenario, stated} of chain) {
    if (scenario === undefined) continue;
    const own = Object.fromEntries(Object.entries(scenario.spec).filter(([field]) => stated.has(field)));
    spec = {
      ...spec,
      ...own,
      nodePools: [...spec.nodePools, ...scenario.spec.nodePools],
      nodes: [...spec.nodes, ...scenario.spec.nodes],
      overlays: [...spec.overlays, ...scenario.spec.overlays],
    };
  }
  return {
    ...spec,
    ...overrides,
    nodePools: [...spec.nodePools, ...flagPools(options)],
    scheduler: {
      ...spec.scheduler,
      ...(percentageOfNodesToScore === undefined ? {} : {percentageOfNodesToScore}),
      ...(ties === undefined ? {} : {ties}),
    },
  };
}

/** The machines of --node-pool; a pool is called after its type. */
function flagPools({nodePools}: InputOptions): ScenarioSpec['nodePools'] {
  return nodePools.map(({instanceType, count}) => ({name: instanceType.replaceAll('.', '-'), instanceType, count}));
}

/** The catalogue by its name or file: that of the flag below the working directory, that of a scenario below its own. */
function readCatalog(
  name: string,
  chain: readonly ReadScenario[],
  options: InputOptions,
  diagnostics: Diagnostics,
): Catalog | undefined {
  const owner = chain.findLast(({scenario, stated}) => scenario !== undefined && stated.has('catalog'));
  if (options.overrides.catalog !== undefined || owner === undefined) return loadCatalog(name, undefined, diagnostics);
  const path = isCatalogFile(name) ? relative('.', resolve(dirname(owner.origin.file), name)) : name;
  return loadCatalog(path, placeOf(owner.origin, '/spec/catalog'), diagnostics);
}

function nodeOf({object, origin}: InputObject, catalog: Catalog | undefined, diagnostics: Diagnostics): Node[] {
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
  const type = node.instanceType === null ? undefined : catalog?.instanceTypes.get(node.instanceType);
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
  chain: readonly ReadScenario[],
  options: InputOptions,
  diagnostics: Diagnostics,
): SourceDocument | null {
  const owner = chain.findLast(({scenario}) => scenario?.spec.scheduler.configuration !== undefined);
  const own = owner?.scenario?.spec.scheduler.configuration;
  const ofScenario =
    owner === undefined || own === undefined ? undefined : relative('.', resolve(dirname(owner.origin.file), own));
  const path = options.schedulerConfiguration ?? ofScenario;
  if (path === undefined) return null;
  if (path === ofScenario && owner !== undefined && !isBelow(resolve(dirname(owner.origin.file)), resolve(path))) {
    diagnostics.error('STW-1007', `"${own}" lies outside the scenario's directory`, {
      hint: 'move the configuration below it, or give it with --scheduler-config',
      place: placeOf(owner.origin, '/spec/scheduler/configuration'),
    });
    return null;
  }
  const {readStdin} = options;
  const [document, ...rest] = readSource(path, {recursive: false, readStdin}, diagnostics).flatMap((file) => [
    ...readDocuments(file, diagnostics),
  ]);
  for (const {origin: second} of rest) {
    diagnostics.error('STW-1011', 'a second document in the scheduler configuration', {place: placeOf(second, '')});
  }
  return document ?? null;
}
