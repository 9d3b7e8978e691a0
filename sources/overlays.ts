import {type Diagnostics, type Origin, placeOf} from '../model/diagnostic.ts';
import type {KubernetesObject, PodSpec, ResourceList} from '../model/kubernetes.ts';
import type {Node} from '../model/node.ts';
import type {InputObject} from '../workloads/inputObject.ts';
import type {Overlay} from './scenarioSchema.ts';

interface Target {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Overlaid {
  readonly objects: readonly InputObject[];
  readonly nodes: readonly Node[];
}

/** Applies the changes of a scenario in their order. One that changes nothing is an error: its target is mistaken. */
export function applyOverlays(
  input: Overlaid,
  overlays: readonly Overlay[],
  origin: Origin,
  diagnostics: Diagnostics,
): Overlaid {
  return overlays.reduce((current, overlay, index) => {
    const pointer = `/spec/overlays/${index}`;
    const changed = apply(current, overlay, origin, pointer, diagnostics);
    if (changed === undefined) {
      diagnostics.error('STW-1010', `the overlay matches nothing: ${describe(overlay)}`, {
        hint: 'kinds, namespaces and names are compared exactly; * stands for any part of a name',
        place: placeOf(origin, pointer),
      });
      return current;
    }
    return changed;
  }, input);
}

function apply(
  {objects, nodes}: Overlaid,
  overlay: Overlay,
  origin: Origin,
  pointer: string,
  diagnostics: Diagnostics,
): Overlaid | undefined {
  if ('removeZone' in overlay) return removeNodes(objects, nodes, ({zone}) => zone === overlay.removeZone);
  if ('removeNode' in overlay) return removeNodes(objects, nodes, ({name}) => matches(overlay.removeNode, name));
  const target: Target = 'scale' in overlay ? overlay.scale : overlay.setResources;
  let found = false;
  const changed = objects.map((input) => {
    if (!isTarget(target, input.object)) return input;
    found = true;
    const object =
      'scale' in overlay ? scaled(input.object, overlay.scale) : withResources(input.object, overlay.setResources);
    if (object === undefined) {
      diagnostics.error('STW-1010', `a ${input.object.kind} cannot be changed so`, {place: placeOf(origin, pointer)});
      return input;
    }
    return {...input, object};
  });
  return found ? {objects: changed, nodes} : undefined;
}

function removeNodes(
  objects: readonly InputObject[],
  nodes: readonly Node[],
  gone: (node: Node) => boolean,
): Overlaid | undefined {
  const kept = nodes.filter((node) => !gone(node));
  if (kept.length === nodes.length) return undefined;
  const names = new Set(nodes.filter(gone).map(({name}) => name));
  // Pods bound to a node that is gone are evicted, and their controllers make them anew: they are pending again.
  const unbound = objects.map((input) => {
    const spec = input.object.spec as PodSpec | undefined;
    if (input.object.kind !== 'Pod' || spec?.nodeName === undefined || !names.has(spec.nodeName)) return input;
    const {nodeName: _gone, ...rest} = spec;
    return {...input, object: {...input.object, spec: rest}};
  });
  return {objects: unbound, nodes: kept};
}

/** Where each kind keeps its number of pods. */
const REPLICAS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'replicas'],
  ReplicaSet: ['spec', 'replicas'],
  ReplicationController: ['spec', 'replicas'],
  StatefulSet: ['spec', 'replicas'],
  Job: ['spec', 'parallelism'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'parallelism'],
  FlinkDeployment: ['spec', 'taskManager', 'replicas'],
  FlinkCluster: ['spec', 'taskManager', 'replicas'],
};

function scaled(
  object: KubernetesObject,
  {replicas, factor}: {readonly replicas?: number | undefined; readonly factor?: number | undefined},
): KubernetesObject | undefined {
  const path = REPLICAS[object.kind];
  if (path === undefined) return undefined;
  if (replicas !== undefined) return withValue(object, path, replicas);
  const own = valueAt(object, path);
  if (object.kind === 'FlinkDeployment' && own === undefined) {
    // Without replicas the TaskManagers follow from the parallelism.
    const parallelismPath = ['spec', 'job', 'parallelism'];
    const parallelism = valueAt(object, parallelismPath);
    return withValue(object, parallelismPath, Math.ceil((typeof parallelism === 'number' ? parallelism : 1) * factor!));
  }
  return withValue(object, path, Math.ceil((typeof own === 'number' ? own : 1) * factor!));
}

function withResources(
  object: KubernetesObject,
  change: {
    readonly container?: string | undefined;
    readonly requests?: ResourceList | undefined;
    readonly limits?: ResourceList | undefined;
  },
): KubernetesObject | undefined {
  const specPath =
    object.kind === 'Pod'
      ? ['spec']
      : object.kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
        : ['spec', 'template', 'spec'];
  const spec = valueAt(object, specPath) as PodSpec | undefined;
  if (!Array.isArray(spec?.containers)) return undefined;
  const index = change.container === undefined ? 0 : spec.containers.findIndex(({name}) => name === change.container);
  const container = spec.containers[index];
  if (container === undefined) return undefined;
  const resources = {
    ...container.resources,
    ...(change.requests === undefined ? {} : {requests: {...container.resources?.requests, ...change.requests}}),
    ...(change.limits === undefined ? {} : {limits: {...container.resources?.limits, ...change.limits}}),
  };
  return withValue(object, specPath, {
    ...spec,
    containers: spec.containers.with(index, {...container, resources}),
  });
}

function isTarget(target: Target, {kind, metadata}: KubernetesObject): boolean {
  return (
    kind === target.kind &&
    (target.namespace === undefined || matches(target.namespace, metadata.namespace ?? '')) &&
    matches(target.name, metadata.name ?? '')
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(text);
}

function describe(overlay: Overlay): string {
  if ('removeZone' in overlay) return `no node is in zone "${overlay.removeZone}"`;
  if ('removeNode' in overlay) return `no node is called "${overlay.removeNode}"`;
  const {kind, namespace, name} = 'scale' in overlay ? overlay.scale : overlay.setResources;
  return `no ${kind} is called "${namespace === undefined ? '' : `${namespace}/`}${name}"`;
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    object,
  );
}

function withValue<T>(object: T, path: readonly string[], value: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return value as T;
  const own = typeof object === 'object' && object !== null ? (object as Record<string, unknown>) : {};
  return {...own, [key]: withValue(own[key], rest, value)} as T;
}
