import type {ClusterModel} from '../../model/clusterModel.ts';
import type {NodeSelectorTerm, PodSpec, Taint} from '../../model/kubernetes.ts';
import {ARCH_LABEL, INSTANCE_TYPE_LABEL} from '../../model/labels.ts';
import type {Pod, PodClass} from '../../model/pod.ts';
import type {Demand} from '../demand/demand.ts';
import {namesArchitecture} from '../demand/eligibility.ts';
import type {PackingSolution} from '../packingSolution.ts';

/** A requirement on nodes that a workload needs beside its own for a plan to hold. */
export interface Pin {
  readonly podClass: PodClass;
  /** A label of nodes. */
  readonly key: string;
  readonly values: readonly string[];
  /** A taint of those nodes that it has to tolerate. */
  readonly tolerates?: Taint;
}

/** Holds each class to the instance types that the packing has it on. */
export function typePins(demand: Demand, solution: PackingSolution): readonly Pin[] {
  const types = new Map<PodClass, Set<string>>();
  for (const {binType, items} of solution) {
    const {name} = demand.offerings[binType]!.machine.instanceType;
    for (const {item} of items) {
      for (const podClass of demand.shapes[item]!.classes) {
        const known = types.get(podClass);
        if (known === undefined) types.set(podClass, new Set([name]));
        else known.add(name);
      }
    }
  }
  return [...types].map(([podClass, names]) => ({podClass, key: INSTANCE_TYPE_LABEL, values: [...names].sort()}));
}

/** The demand with every item held to the bin types whose instance type the packing has it on. */
export function heldToTypes(demand: Demand, solution: PackingSolution): Demand {
  const {problem, offerings} = demand;
  const names = problem.items.map(() => new Set<string>());
  for (const {binType, items} of solution) {
    for (const {item} of items) names[item]!.add(offerings[binType]!.machine.instanceType.name);
  }
  const items = problem.items.map((item, index) => {
    const allowed = item.binTypes ?? [...offerings.keys()];
    const isOn = (bin: number): boolean => names[index]!.has(offerings[bin]!.machine.instanceType.name);
    return {...item, binTypes: allowed.filter(isOn)};
  });
  return {...demand, problem: {...problem, items}};
}

/** Keeps pods that name no architecture off machines that their images are not for. */
export function architecturePins(demand: Demand, architectures: readonly string[]): readonly Pin[] {
  const offered = new Set(demand.offerings.map(({machine}) => machine.instanceType.arch));
  if ([...offered].every((arch) => architectures.includes(arch))) return [];
  return demand.shapes
    .flatMap(({classes}) => classes)
    .filter(({spec}) => !namesArchitecture(spec))
    .map((podClass) => ({podClass, key: ARCH_LABEL, values: architectures}));
}

/** The model with the pins as required node affinity, and how to tell a pinned class from the one it was. */
export function withPins(
  model: ClusterModel,
  pins: readonly Pin[],
): {readonly model: ClusterModel; readonly original: (podClass: PodClass) => PodClass} {
  if (pins.length === 0) return {model, original: (podClass) => podClass};
  const pinned = new Map<PodClass, PodClass>();
  for (const {podClass, key, values} of pins) {
    const known = pinned.get(podClass) ?? podClass;
    pinned.set(podClass, {...known, spec: withRequirement(known.spec, key, values)});
  }
  const originals = new Map([...pinned].map(([from, to]) => [to, from]));
  return {
    model: withClasses(model, (podClass) => pinned.get(podClass) ?? podClass),
    original: (podClass) => originals.get(podClass) ?? podClass,
  };
}

/** The model with other classes in place of its own. */
export function withClasses(model: ClusterModel, replace: (podClass: PodClass) => PodClass): ClusterModel {
  const moved = new Map<Pod, Pod>();
  const pods = model.pods.map((pod) => {
    const podClass = replace(pod.class);
    const copy = podClass === pod.class ? pod : {...pod, class: podClass};
    moved.set(pod, copy);
    return copy;
  });
  return {
    ...model,
    pods,
    classes: model.classes.map(replace),
    podGroups: model.podGroups.map((group) => ({...group, pods: group.pods.map((pod) => moved.get(pod)!)})),
  };
}

/** Added to every term, since any of them is enough. */
function withRequirement(spec: PodSpec, key: string, values: readonly string[]): PodSpec {
  const {affinity} = spec;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const requirement = {key, operator: 'In', values};
  const terms: readonly NodeSelectorTerm[] = required?.nodeSelectorTerms ?? [{}];
  const nodeSelectorTerms = terms.map((term) => ({
    ...term,
    matchExpressions: [...(term.matchExpressions ?? []), requirement],
  }));
  return {
    ...spec,
    affinity: {
      ...affinity,
      nodeAffinity: {...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms}},
    },
  };
}
