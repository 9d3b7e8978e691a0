/** Controllers and services, which the default constraints of PodTopologySpread look up for each pod. */
import type {KubernetesObject, ObjectMeta, OwnerReference} from '../../../model/kubernetes.ts';
import type {Labels} from '../../../model/labels.ts';
import type {Knobs} from './knobs.ts';
import type {Random} from './random.ts';
import {APPS, ENVS, NAMESPACES, TIERS, VERSIONS} from './vocabulary.ts';

export interface Controller {
  readonly namespace: string;
  readonly labels: Labels;
  readonly reference: OwnerReference;
}

const KINDS = [
  ['ReplicaSet', 5],
  ['StatefulSet', 2],
  ['ReplicationController', 1],
  ['DaemonSet', 1],
] as const;

/** Labels of pods, which seldom have none. */
export function generatePodLabels(random: Random): Labels {
  if (random.chance(0.04)) return {};
  return {
    app: random.pick(APPS),
    ...random.maybe(0.6, () => ({tier: random.pick(TIERS)})),
    ...random.maybe(0.7, () => ({version: random.pick(VERSIONS)})),
    ...random.maybe(0.4, () => ({env: random.pick(ENVS)})),
  };
}

export function generateControllers(
  random: Random,
  {controllers}: Knobs,
  objects: KubernetesObject[],
): readonly Controller[] {
  if (controllers === 0) return [];
  return random.several(3, 8, (index) => {
    const kind = random.weighted(KINDS);
    const namespace = random.pick(NAMESPACES);
    const labels = {app: random.pick(APPS), ...generatePodLabels(random)};
    const name = `${kind.toLowerCase().slice(0, 3)}-${index}`;
    const apiVersion = kind === 'ReplicationController' ? 'v1' : 'apps/v1';
    const uid = `uid-${kind.toLowerCase()}-${name}`;
    // Controllers that have gone leave their pods behind for a while.
    if (kind !== 'DaemonSet' && random.chance(0.9)) {
      objects.push(controllerObject(apiVersion, kind, {name, namespace, uid}, labels, random.chance(0.8)));
    }
    return {namespace, labels, reference: {apiVersion, kind, name, uid, controller: true}};
  });
}

function controllerObject(
  apiVersion: string,
  kind: string,
  metadata: ObjectMeta,
  labels: Labels,
  selectsByApp: boolean,
): KubernetesObject {
  const matchLabels = selectsByApp ? {app: labels.app!} : labels;
  const template = {metadata: {labels}, spec: {containers: [{name: 'c0', image: 'registry.example/app:1'}]}};
  if (kind === 'ReplicationController') return {apiVersion, kind, metadata, spec: {selector: matchLabels, template}};
  const expressions = selectsByApp ? {} : {matchExpressions: [{key: 'app', operator: 'Exists'}]};
  return {
    apiVersion,
    kind,
    metadata,
    spec: {
      selector: {matchLabels, ...expressions},
      template,
      ...(kind === 'StatefulSet' ? {serviceName: metadata.name} : {}),
    },
  };
}

export function generateServices(random: Random, {services}: Knobs): readonly KubernetesObject[] {
  if (!random.chance(services)) return [];
  return random.several(2, 8, (index): KubernetesObject => {
    const selector = random.weighted([
      [{app: random.pick(APPS)}, 6],
      [{app: random.pick(APPS), tier: random.pick(TIERS)}, 2],
      [null, 1],
    ]);
    const metadata = {name: `service-${index}`, namespace: random.pick(NAMESPACES)};
    const ports = [{port: 80}];
    return {apiVersion: 'v1', kind: 'Service', metadata, spec: selector === null ? {ports} : {selector, ports}};
  });
}

/** Some namespaces have labels, others are not even listed. */
export function generateNamespaces(random: Random): readonly KubernetesObject[] {
  return NAMESPACES.filter(() => random.chance(0.8)).map((name): KubernetesObject => {
    const labels = random.maybe(0.8, () => ({labels: {team: random.pick(['a', 'b'])}}));
    return {apiVersion: 'v1', kind: 'Namespace', metadata: {name, ...labels}};
  });
}
