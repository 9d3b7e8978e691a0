import type {Catalog} from '../catalog/instanceType.ts';
import {Diagnostics, InputError, placeOf} from '../model/diagnostic.ts';
import {objectReference} from '../model/kubernetes.ts';
import type {Demand} from '../planner/demand/demand.ts';
import {type FleetLimits, limitFlags, UNLIMITED} from '../planner/demand/fleetLimits.ts';
import {matcher, plannableMachines} from '../planner/demand/machines.ts';
import type {Unplaceable} from '../planner/demand/unplaceable.ts';
import type {OverLimits} from '../planner/overLimits.ts';
import {formatPlural} from '../results/format.ts';
import {suggestion} from '../sources/schemaErrors.ts';
import {nearestText} from './output/nearestText.ts';
import type {PreparedPlan} from './planInput.ts';

/** Throws an InputError where a pattern matches no type of the catalogue, or where none of its types can be bought. */
export function requireMachines(
  patterns: readonly string[],
  limits: FleetLimits,
  {catalog, simulation}: PreparedPlan,
): void {
  const diagnostics = new Diagnostics();
  const names = [...catalog.instanceTypes.keys()];
  for (const pattern of patterns) {
    if (pattern.startsWith('!') || names.some(matcher([pattern]))) continue;
    diagnostics.error('STW-1009', `--instance-types ${pattern}: no type of the catalogue ${catalog.name} matches`, {
      hint: patternHint(pattern, catalog),
    });
  }
  diagnostics.throwIfErrors();
  const {kubernetesVersion} = simulation;
  const {machines, leftOut} = plannableMachines(catalog, {
    patterns,
    kubernetesVersion,
    gpus: true,
    storage: false,
    limits,
  });
  if (machines.length > 0) return;
  const reasons = [
    [leftOut.unpriced, 'without a price'],
    [leftOut.unpublished, 'whose memory for pods is not known'],
    [leftOut.burstable, 'burstable'],
    [leftOut.accelerated, 'with accelerators'],
    [leftOut.oversized, `larger than ${limitFlags({...UNLIMITED, nodeSize: limits.nodeSize}).join()}`],
  ] as const;
  const found = reasons
    .filter(([types]) => types.length > 0)
    .map(([types, reason]) => `${formatPlural(types.length, 'type')} ${reason}`);
  const chosen = patterns.length === 0 ? '' : `, of --instance-types ${patterns.join(',')}`;
  diagnostics.error(
    'STW-1019',
    found.length === 0
      ? `--instance-types ${patterns.join(',')} leaves none of the ${names.length} types of the catalogue ${catalog.name}`
      : `the catalogue ${catalog.name} has no type to plan with${chosen}: ${found.join(', ')}`,
    leftOut.unpriced.length === 0
      ? {}
      : {
          hint: 'state pricePerHour in a NodeCatalog (--catalog FILE), which may extend another: docs/catalog.md',
        },
  );
  diagnostics.throwIfErrors();
}

function patternHint(pattern: string, {instanceTypes}: Catalog): string {
  const families = new Set([...instanceTypes.keys()].map((name) => name.split('.')[0]!));
  const names = pattern.includes('*') ? [...families].map((family) => `${family}.*`) : [...instanceTypes.keys()];
  return suggestion(pattern, names) ?? 'stowage catalog list names the types';
}

/** Why no plan keeps to the limits: what is needed, and which wishes are in each other's way. */
export function overLimits(
  {conflict, needs, apart, isProved}: OverLimits,
  limits: FleetLimits,
  {input}: PreparedPlan,
): InputError {
  const diagnostics = new Diagnostics();
  const isOf = isProved ? 'no plan keeps to' : 'no plan was found that keeps to';
  const [first] = input.objects;
  diagnostics.error('STW-1020', `${isOf} ${conflict.join(' and ')}: ${neededText(needs, apart, limits)}`, {
    ...(first === undefined ? {} : {place: placeOf(first.origin, '')}),
  });
  return new InputError(diagnostics.all);
}

function neededText(
  {instanceTypes, nodes}: OverLimits['needs'],
  apart: OverLimits['apart'],
  limits: FleetLimits,
): string {
  if (apart.length > 0) {
    const names = apart.map(({kind, namespace, name}) => objectReference(kind, namespace, name));
    const why =
      limits.instanceTypes === 1 ? 'no type can hold all of' : `no ${limits.instanceTypes} types can hold all of`;
    return `at least ${formatPlural(instanceTypes, 'instance type')} are needed, since ${why} ${names.join(', ')}`;
  }
  if (nodes.atLeast > (limits.nodes ?? nodes.atLeast))
    return `at least ${formatPlural(nodes.atLeast, 'node')} are needed`;
  const found =
    nodes.found === null ? 'none was found with more, either' : `the fewest that were found are ${nodes.found}`;
  return `${found}, and that at least ${formatPlural(nodes.atLeast, 'node')} are needed is all that is proved`;
}

/** Why there is nothing to buy: no pod needs a place, or no machine can take any. */
export function nothingToBuy(demand: Demand, {input, model}: PreparedPlan): InputError {
  const diagnostics = new Diagnostics();
  for (const unplaceable of demand.unplaceable) reportUnplaceable(unplaceable, input.objects, diagnostics);
  if (demand.unplaceable.length > 0) return new InputError(diagnostics.all);
  const first = input.objects[0];
  const [message, hint] = reasonForNoPods(demand, model, input.objects.length);
  diagnostics.error('STW-1014', message, {
    ...(hint === undefined ? {} : {hint}),
    ...(first === undefined ? {} : {place: placeOf(first.origin, '')}),
  });
  return new InputError(diagnostics.all);
}

/** The message, and what to do where it is not the same as ever. */
function reasonForNoPods(
  {left, daemons}: Demand,
  {rejected: [rejected, ...others]}: PreparedPlan['model'],
  objects: number,
): readonly [message: string, hint?: string] {
  if (left > 0) {
    return [
      `no pod to place: ${formatPlural(left, 'pod')} gated, or for another scheduler`,
      'add pods to be scheduled',
    ];
  }
  if (rejected !== undefined) {
    const count = formatPlural(others.length + 1, 'pod');
    return [`no pod to place: the API server refuses ${count}: ${rejected.message}`, 'correct what it refuses'];
  }
  if (daemons.length > 0) {
    return [
      'all pods are of DaemonSets, which run on whatever nodes there are',
      'add the workloads that need the nodes',
    ];
  }
  return [`no pod to place: ${formatPlural(objects, 'object')} that ${objects === 1 ? 'makes' : 'make'} none`];
}

function reportUnplaceable(
  {podClass, pods, conflict, nearest}: Unplaceable,
  objects: PreparedPlan['input']['objects'],
  diagnostics: Diagnostics,
): void {
  const {kind, namespace, name} = podClass.workload;
  const source = objects.find(
    ({object: {kind: own, metadata}}) =>
      own === kind && metadata.name === name && (metadata.namespace ?? 'default') === namespace,
  );
  const near = nearest === null ? '' : nearestText(nearest.offering, nearest.shortfall);
  diagnostics.error('STW-1018', `no machine can take ${formatPlural(pods, 'pod')}: ${conflict.join(' and ')}${near}`, {
    object: objectReference(kind, namespace, name),
    ...(source === undefined ? {} : {place: placeOf(source.origin, '')}),
  });
}
