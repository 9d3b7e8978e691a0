import {type Allocatable, type AllocatableOptions, allocatable, ruleOf} from '../catalog/allocatable.ts';
import {findCatalog} from '../catalog/catalogs.ts';
import type {Catalog, InstanceType} from '../catalog/instanceType.ts';
import {type Diagnostics, type Origin, type Place, placeOf} from '../model/diagnostic.ts';
import type {Taint} from '../model/kubernetes.ts';
import {
  ARCH_LABEL,
  HOSTNAME_LABEL,
  INSTANCE_TYPE_LABEL,
  type Labels,
  OS_LABEL,
  REGION_LABEL,
  ZONE_LABEL,
} from '../model/labels.ts';
import type {Node} from '../model/node.ts';
import {CPU, MEMORY, PODS, type Resources, toQuantities, toResources} from '../model/resources.ts';
import type {NodePool, ScenarioNode, ScenarioSpec} from './scenarioSchema.ts';
import {suggestion} from './schemaErrors.ts';

const MIB = 2 ** 20;
/** The kubelet's own default, used where neither the type nor the user says how many pods a node takes. */
const DEFAULT_MAX_PODS = 110;

type Machine = Omit<ScenarioNode, 'name'>;

/** Finds a catalogue by what a scenario or a flag calls it. */
export type FindCatalog = (name: string) => Catalog | undefined;

/** The nodes of a scenario: of its pools, in their order, then the explicit ones. */
export function scenarioNodes(
  spec: Pick<ScenarioSpec, 'catalog' | 'kubernetesVersion' | 'nodePools' | 'nodes' | 'memoryOverheadPercent'>,
  origin: Origin,
  diagnostics: Diagnostics,
  find: FindCatalog = findCatalog,
): Node[] {
  const catalog = find(spec.catalog);
  // Whoever looks for it says that it is not there.
  if (catalog === undefined) return [];
  const {memoryOverheadPercent} = spec;
  const rule = ruleOf(catalog, spec.kubernetesVersion);
  const options = memoryOverheadPercent === undefined ? {rule} : {rule, memoryOverheadPercent};
  const nodes: Node[] = [];
  for (const [index, pool] of spec.nodePools.entries()) {
    const machine = toMachine(pool, catalog, options, origin, `/spec/nodePools/${index}`, diagnostics);
    if (machine !== undefined) nodes.push(...poolNodes(pool, machine, catalog));
  }
  for (const [index, node] of spec.nodes.entries()) {
    const machine = toMachine(node, catalog, options, origin, `/spec/nodes/${index}`, diagnostics);
    if (machine !== undefined) nodes.push(toNode(node.name, node.zone ?? null, null, machine, catalog));
  }
  return nodes;
}

/** What all nodes of a pool share. */
interface SharedMachine {
  readonly instanceType: InstanceType | undefined;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly allocatable: Resources;
  readonly capacity: Resources;
  readonly pricePerHour: number | null;
}

function toMachine(
  machine: Machine | NodePool,
  catalog: Catalog,
  defaults: AllocatableOptions,
  origin: Origin,
  pointer: string,
  diagnostics: Diagnostics,
): SharedMachine | undefined {
  const type = machine.instanceType === undefined ? undefined : catalog.instanceTypes.get(machine.instanceType);
  if (machine.instanceType !== undefined && type === undefined && machine.allocatable === undefined) {
    const hint = suggestion(machine.instanceType, [...catalog.instanceTypes.keys()]);
    diagnostics.error('STW-1009', `catalogue ${catalog.name} has no instance type "${machine.instanceType}"`, {
      hint: hint?.startsWith('did you') ? hint : 'state its allocatable, or choose a type of the catalogue',
      place: placeOf(origin, `${pointer}/instanceType`),
    });
    return undefined;
  }
  const stated = toResources(toQuantities(machine.allocatable));
  const {maxPods, memoryOverheadPercent} = machine;
  const offer =
    type === undefined
      ? undefined
      : allocatable(type, {
          ...defaults,
          ...(memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent}),
          ...(maxPods === undefined ? {} : {maxPods}),
        });
  if (offer !== undefined && offer.memoryMiB === null && stated[MEMORY] === undefined) {
    reportUnpublished(offer, type!, placeOf(origin, pointer), diagnostics);
    return undefined;
  }
  const pods = stated[PODS] ?? maxPods ?? offer?.pods ?? DEFAULT_MAX_PODS;
  return {
    instanceType: type,
    labels: machine.labels ?? {},
    taints: (machine.taints ?? []).map(({key, value, effect}) => ({
      key,
      effect,
      ...(value === undefined ? {} : {value}),
    })),
    allocatable: {...(offer === undefined ? {} : offered(type!, offer)), ...stated, [PODS]: pods},
    capacity:
      offer === undefined
        ? {...stated, [PODS]: pods}
        : {...stated, [CPU]: Math.floor(type!.vcpu * 1000), [MEMORY]: offer.capacityMiB * MIB, [PODS]: pods},
    pricePerHour: machine.pricePerHour !== undefined ? machine.pricePerHour : (type?.pricePerHour ?? null),
  };
}

/** What a node of the type has for pods; what is stated of the type comes last, as it may name further resources. */
function offered(type: InstanceType, {cpu, memoryMiB}: Allocatable): Resources {
  return {
    [CPU]: cpu,
    ...(memoryMiB === null ? {} : {[MEMORY]: memoryMiB * MIB}),
    ...(type.gpus > 0 ? {'nvidia.com/gpu': type.gpus} : {}),
    ...type.allocatable,
  };
}

function reportUnpublished({rule}: Allocatable, {name}: InstanceType, place: Place, diagnostics: Diagnostics): void {
  diagnostics.error('STW-1016', `how much memory pods can use on ${name} is not known: ${rule.title} does not say`, {
    hint: 'state allocatable: {memory: …} as kubectl get nodes shows it, here or in a NodeCatalog',
    place,
  });
}

function poolNodes(pool: NodePool, machine: SharedMachine, catalog: Catalog): Node[] {
  const {zones = []} = pool;
  return Array.from({length: pool.count}, (_, index) =>
    toNode(`${pool.name}-${index + 1}`, zones[index % zones.length] ?? null, pool.name, machine, catalog),
  );
}

function toNode(
  name: string,
  zone: string | null,
  nodePool: string | null,
  machine: SharedMachine,
  catalog: Catalog,
): Node {
  const {instanceType, labels, ...shared} = machine;
  const wellKnown: Record<string, string> = {[HOSTNAME_LABEL]: name, [OS_LABEL]: 'linux'};
  if (instanceType !== undefined) {
    wellKnown[INSTANCE_TYPE_LABEL] = instanceType.name;
    wellKnown[ARCH_LABEL] = instanceType.arch;
    wellKnown[REGION_LABEL] = catalog.region;
  }
  if (zone !== null) wellKnown[ZONE_LABEL] = zone;
  return {
    name,
    labels: {...wellKnown, ...labels},
    unschedulable: false,
    images: [],
    declaredFeatures: [],
    instanceType: instanceType?.name ?? null,
    zone,
    nodePool,
    ...shared,
  };
}
