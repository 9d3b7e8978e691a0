import type {Catalog} from '../../catalog/instanceType.ts';
import type {ClusterModel} from '../../model/clusterModel.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import type {Node} from '../../model/node.ts';
import type {PodClass} from '../../model/pod.ts';
import {amountOf, CPU, EPHEMERAL_STORAGE, MEMORY, PODS, type Resources} from '../../model/resources.ts';
import {type BinType, type PackingItem, type PackingLimits, type PackingProblem, toCost} from '../packingProblem.ts';
import {companionsOf, enemies, portsCollide} from './companions.ts';
import {type Daemon, daemonsOf, daemonsOn, isPlanned, leftBy} from './daemons.ts';
import {type EligibilityOptions, type NodeConstraint, nodeConstraints} from './eligibility.ts';
import {type FleetLimits, isOversized, limitFlags, packingLimits, UNLIMITED} from './fleetLimits.ts';
import {type LeftOut, type Machine, type MachineOptions, matcher, plannableMachines} from './machines.ts';
import {type Offering, offeringName, toNode} from './offering.ts';
import {type PoolTemplate, poolTemplates} from './poolTemplates.ts';
import {GPU} from './specialTypes.ts';
import {explainUnplaceable, tooManyForZones, type Unplaceable} from './unplaceable.ts';
import {volumeReach} from './volumeReach.ts';
import {isSpread, minds, spread, zonesOf} from './zones.ts';

export interface DemandOptions extends Omit<MachineOptions, 'gpus' | 'storage'>, EligibilityOptions {
  /** Nodes that are there now: pools are made after theirs. */
  readonly nodes: readonly Node[];
  /** The objects of the input, for what pods do not show. */
  readonly objects: readonly KubernetesObject[];
  /** Names of the profiles that pods may ask for. */
  readonly schedulerNames: readonly string[];
}

/** What an item of the problem stands for. */
export interface Shape {
  readonly classes: readonly PodClass[];
  /** Where all of it has to be; null for anywhere. */
  readonly zone: string | null;
}

/** What a plan has to hold, as a problem to solve and with what the parts of the problem stand for. */
export interface Demand {
  readonly problem: PackingProblem;
  /** The same without a choice of zones, which costs at most as much: what holds of its bound holds of every plan. */
  readonly relaxed: PackingProblem;
  /** By bin type. */
  readonly offerings: readonly Offering[];
  /** By item. */
  readonly shapes: readonly Shape[];
  /** By item of the relaxed problem. */
  readonly relaxedShapes: readonly Shape[];
  readonly daemons: readonly Daemon[];
  readonly pools: readonly PoolTemplate[];
  readonly zones: readonly string[];
  readonly unplaceable: readonly Unplaceable[];
  /** Whether pods of a class can be in this zone alone. */
  readonly isTiedTo: (podClass: PodClass, zone: string) => boolean;
  /** Pods that are held back by scheduling gates or ask for a scheduler that is not there. */
  readonly left: number;
  readonly leftOut: LeftOut;
  /** Whether pods ask for local storage, which is not planned. */
  readonly asksForStorage: boolean;
}

/** A class with the pods of it that need a place. */
interface ClassDemand {
  readonly podClass: PodClass;
  readonly pods: number;
}

/** The demand of a model: its pods by shape, and what can be bought for them. */
export function demandOf(model: ClusterModel, catalog: Catalog, options: DemandOptions): Demand {
  const planned = model.pods.filter(isPlanned);
  const isTaken = ({spec, schedulerName}: PodClass): boolean =>
    (spec.schedulingGates ?? []).length === 0 && options.schedulerNames.includes(schedulerName);
  const counts = new Map<PodClass, number>();
  for (const {class: podClass} of planned) {
    if (isTaken(podClass)) counts.set(podClass, (counts.get(podClass) ?? 0) + 1);
  }
  const demands = [...counts].map(([podClass, pods]) => ({podClass, pods}));
  const wanted = demands.map(({podClass}) => podClass);
  const asksForStorage = wanted.some(({requests}) => amountOf(requests, EPHEMERAL_STORAGE) > 0);
  const gpus = wanted.some(({requests}) => amountOf(requests, GPU) > 0);
  const {machines, leftOut} = plannableMachines(catalog, {...options, gpus, storage: asksForStorage});
  const daemons = daemonsOf(model, options.objects);
  const pools = poolTemplates(wanted, options.nodes);
  const reach = volumeReach(model);
  const zones = zonesOf(catalog, options.nodes);
  const mindsZones = wanted.some((podClass) => minds(podClass, reach(podClass)));
  const supplyOf = (own: readonly Machine[]): Supply =>
    new Supply(own, pools, mindsZones ? zones : [null], catalog.region, daemons);
  const supply = supplyOf(machines);
  const contradictions = contradictionsAmong(catalog, options, gpus, supply, supplyOf);

  const dimensions = dimensionsOf(wanted);
  const unplaceable: Unplaceable[] = [];
  const placeable: Placeable[] = [];
  for (const demand of demands) {
    const constraints = nodeConstraints(demand.podClass, reach(demand.podClass), options);
    const {podClass, pods} = demand;
    const allowed = supply.withRoom(supply.allowed(podClass, constraints), sizeOf(podClass, dimensions), dimensions);
    if (allowed.length === 0) {
      unplaceable.push(contradictions(podClass, pods, constraints));
      continue;
    }
    const most = mostPods(podClass, new Set(allowed.map((index) => supply.offerings[index]!.zone)).size);
    if (pods > most) unplaceable.push(tooManyForZones(podClass, pods - most, most));
    placeable.push({podClass, pods: Math.min(pods, most), allowed});
  }
  const parts = splitByZone(placeable, supply);
  const limits = packingLimits(options.limits ?? UNLIMITED);
  const own = toProblem(parts, supply, dimensions, limits);
  const {problem, shapes, offerings} = own;
  const relaxed = mindsZones ? toProblem(placeable.map(anywhere), supply, dimensions, limits) : own;
  return {
    problem,
    relaxed: relaxed.problem,
    offerings,
    shapes,
    relaxedShapes: relaxed.shapes,
    daemons,
    pools,
    zones,
    unplaceable,
    isTiedTo: (podClass, zone) => {
      const allowed = placeable.find((one) => one.podClass === podClass)?.allowed ?? [];
      return mindsZones && allowed.every((index) => supply.offerings[index]!.zone === zone);
    },
    left: planned.length - demands.reduce((sum, {pods}) => sum + pods, 0),
    leftOut,
    asksForStorage,
  };
}

/** Says what is in the way of pods, among all types of the catalogue: which were chosen, and how large one may be, are wishes. */
function contradictionsAmong(
  catalog: Catalog,
  options: DemandOptions,
  gpus: boolean,
  supply: Supply,
  supplyOf: (machines: readonly Machine[]) => Supply,
): (podClass: PodClass, pods: number, constraints: readonly NodeConstraint[]) => Unplaceable {
  const {patterns, limits = UNLIMITED} = options;
  const choices = choicesAmong(patterns, limits);
  if (choices.length === 0) {
    return (podClass, pods, constraints) =>
      explainUnplaceable(podClass, pods, constraints, supply.offerings, supply.left);
  }
  let all: Supply | null = null;
  return (podClass, pods, constraints) => {
    const whole = {...options, patterns: patterns.length === 0 ? [] : ['*'], limits: UNLIMITED, gpus, storage: true};
    all ??= supplyOf(plannableMachines(catalog, whole).machines);
    return explainUnplaceable(podClass, pods, [...constraints, ...choices], all.offerings, all.left);
  };
}

/** What the user wants of machines, whatever the pods are. */
function choicesAmong(patterns: readonly string[], limits: FleetLimits): readonly NodeConstraint[] {
  const isChosen = matcher(patterns);
  const chosen: NodeConstraint = {
    text: `--instance-types ${patterns.join(',')}`,
    allows: (_node, {machine}) => isChosen(machine.instanceType.name),
  };
  const sized = limitFlags({...UNLIMITED, nodeSize: limits.nodeSize}).map(
    (text): NodeConstraint => ({text, allows: (_node, {machine}) => !isOversized(machine.instanceType, limits)}),
  );
  return [...(patterns.length === 0 ? [] : [chosen]), ...sized];
}

/** Of pods that refuse their own kind in a zone there can be one in each. */
function mostPods(podClass: PodClass, zones: number): number {
  return companionsOf(podClass).toleratesSelfInZone ? Number.POSITIVE_INFINITY : zones;
}

/** What is counted of nodes and pods: CPU, memory and pods, then what else any pod asks for. */
function dimensionsOf(classes: readonly PodClass[]): readonly string[] {
  const others = new Set(classes.flatMap(({requests}) => Object.keys(requests).filter((name) => requests[name]! > 0)));
  for (const name of [CPU, MEMORY, PODS, EPHEMERAL_STORAGE]) others.delete(name);
  return [CPU, MEMORY, PODS, ...[...others].sort()];
}

function sizeOf({requests}: PodClass, dimensions: readonly string[]): readonly number[] {
  return dimensions.map((name) => (name === PODS ? 1 : amountOf(requests, name)));
}

/** Everything on offer, and which classes may use what. */
class Supply {
  readonly offerings: readonly Offering[];
  /** What the daemons leave, by offering. */
  readonly left: readonly Resources[];
  readonly #nodes: readonly Node[];
  readonly #daemons: readonly (readonly Daemon[])[];
  readonly #allowed = new Map<string, readonly number[]>();
  readonly #roomy = new Map<readonly number[], Map<string, readonly number[]>>();

  constructor(
    machines: readonly Machine[],
    pools: readonly PoolTemplate[],
    zones: readonly (string | null)[],
    region: string,
    daemons: readonly Daemon[],
  ) {
    this.offerings = pools.flatMap((pool) =>
      zones.flatMap((zone) => machines.map((machine) => ({machine, pool, zone, region}))),
    );
    this.#nodes = this.offerings.map((offering) => toNode(offering, '', offering.zone));
    this.#daemons = this.#nodes.map((node) => daemonsOn(daemons, node));
    this.left = this.#nodes.map(({allocatable}, index) => leftBy(this.#daemons[index]!, allocatable));
  }

  /** Offerings that satisfy the constraints of a class, whatever room they have. */
  allowed(podClass: PodClass, constraints: readonly NodeConstraint[]): readonly number[] {
    const {nodeSelector, affinity, tolerations, containers, initContainers} = podClass.spec;
    const ports = [...containers, ...(initContainers ?? [])].flatMap(({ports: own = []}) =>
      own.filter(({hostPort = 0}) => hostPort > 0),
    );
    const key = JSON.stringify([
      nodeSelector,
      affinity?.nodeAffinity,
      tolerations,
      ports,
      constraints.map(({text}) => text),
    ]);
    let allowed = this.#allowed.get(key);
    if (allowed === undefined) {
      allowed = this.offerings.flatMap((offering, index) => {
        const node = this.#nodes[index]!;
        const fits =
          constraints.every(({allows}) => allows(node, offering)) &&
          !this.#daemons[index]!.some((daemon) => portsCollide(podClass, daemon.podClass));
        return fits ? [index] : [];
      });
      this.#allowed.set(key, allowed);
    }
    return allowed;
  }

  /** Those of the offerings that have room for a pod of a size; the same array for the same question. */
  withRoom(offerings: readonly number[], size: readonly number[], dimensions: readonly string[]): readonly number[] {
    let bySize = this.#roomy.get(offerings);
    if (bySize === undefined) {
      bySize = new Map();
      this.#roomy.set(offerings, bySize);
    }
    const key = size.join();
    let roomy = bySize.get(key);
    if (roomy === undefined) {
      roomy = offerings.filter((index) =>
        size.every((amount, at) => amount <= amountOf(this.left[index]!, dimensions[at]!)),
      );
      bySize.set(key, roomy);
    }
    return roomy;
  }
}

interface Placeable extends ClassDemand {
  /** Offerings that can hold it. The same array for all classes that ask for the same. */
  readonly allowed: readonly number[];
}

/** Pods of a class that are all held to one zone, or to none. */
interface Part extends Placeable {
  readonly zone: string | null;
}

function anywhere(placeable: Placeable): Part {
  return {...placeable, zone: null};
}

/** Pods that have to be spread over zones are given theirs, as evenly as can be. */
function splitByZone(placeable: readonly Placeable[], supply: Supply): readonly Part[] {
  const load = new Map<string, number>();
  const inZone = new Map<readonly number[], Map<string, readonly number[]>>();
  return placeable.flatMap((one): readonly Part[] => {
    const {podClass, pods, allowed} = one;
    const sharesZone = companionsOf(podClass).toleratesSelfInZone;
    if (!isSpread(podClass) && sharesZone) return [anywhere(one)];
    let byZone = inZone.get(allowed);
    if (byZone === undefined) {
      byZone = new Map(Map.groupBy(allowed, (index) => supply.offerings[index]!.zone ?? ''));
      inZone.set(allowed, byZone);
    }
    const zones = [...byZone.keys()];
    const counts = spread(pods, zones, amountOf(podClass.requests, CPU), load);
    return zones.flatMap((zone) => {
      const count = counts.get(zone)!;
      return count === 0 ? [] : [{podClass, pods: count, allowed: byZone.get(zone)!, zone}];
    });
  });
}

/** Classes that look the same to a node are one item, unless they mind their company. */
function toProblem(
  parts: readonly Part[],
  supply: Supply,
  dimensions: readonly string[],
  limits: PackingLimits,
): {readonly problem: PackingProblem; readonly shapes: readonly Shape[]; readonly offerings: readonly Offering[]} {
  const classes = [...new Set(parts.map(({podClass}) => podClass))];
  const pairs = enemies(classes);
  const position = new Map(classes.map((podClass, index) => [podClass, index]));
  const isDifficult = new Set(pairs.flat());
  const idOf = numbering();
  const grouped = Map.groupBy(parts, ({podClass, allowed}) => {
    const at = position.get(podClass)!;
    const apart = isDifficult.has(at) || !companionsOf(podClass).toleratesSelf ? at : '';
    return `${sizeOf(podClass, dimensions).join()}|${idOf(allowed)}|${apart}`;
  });
  const usable = [...new Set(parts.flatMap(({allowed}) => allowed))].sort((a, b) => a - b);
  const binOf = new Map(usable.map((index, bin) => [index, bin]));
  const bins = new Map<readonly number[], readonly number[] | null>();
  const binTypesOf = (allowed: readonly number[]): readonly number[] | null => {
    let found = bins.get(allowed);
    if (found === undefined) {
      found = allowed.length === usable.length ? null : allowed.map((index) => binOf.get(index)!);
      bins.set(allowed, found);
    }
    return found;
  };
  const itemsOf = new Map<PodClass, number[]>();
  const shapes: Shape[] = [];
  const items = [...grouped.values()].map((group, index): PackingItem => {
    const [{podClass, allowed, zone}] = group as [Part, ...Part[]];
    for (const part of group) itemsOf.set(part.podClass, [...(itemsOf.get(part.podClass) ?? []), index]);
    shapes.push({classes: group.map((part) => part.podClass), zone});
    return {
      name: `${podClass.namespace}/${podClass.workload.name}${zone === null ? '' : `@${zone}`}`,
      size: sizeOf(podClass, dimensions),
      count: group.reduce((sum, {pods}) => sum + pods, 0),
      maxPerBin: companionsOf(podClass).toleratesSelf ? null : 1,
      binTypes: binTypesOf(allowed),
      standsFor: null,
    };
  });
  const exclusions = pairs.flatMap(([a, b]) =>
    itemsOf.get(classes[a]!)!.flatMap((first) => itemsOf.get(classes[b]!)!.map((second) => [first, second] as const)),
  );
  const offerings = usable.map((index) => supply.offerings[index]!);
  const binTypes = usable.map((index): BinType => {
    const offering = supply.offerings[index]!;
    const {instanceType, pricePerHour} = offering.machine;
    return {
      name: offeringName(offering),
      capacity: dimensions.map((name) => Math.max(0, amountOf(supply.left[index]!, name))),
      cost: toCost(pricePerHour),
      available: null,
      kind: instanceType.name,
    };
  });
  return {problem: {dimensions, items, binTypes, exclusions, limits}, shapes, offerings};
}

function numbering(): (value: readonly number[]) => number {
  const ids = new Map<readonly number[], number>();
  return (value) => {
    let id = ids.get(value);
    if (id === undefined) {
      id = ids.size;
      ids.set(value, id);
    }
    return id;
  };
}
