import type {KubernetesObject} from '../../model/kubernetes.ts';
import {DEFAULT_KUBERNETES_VERSION, isAtLeast, type KubernetesVersion} from '../../simulator/simulation.ts';
import type {ScenarioDocument} from './format.ts';
import {generateConfiguration} from './generate/configuration.ts';
import {generateControllers, generateNamespaces, generateServices} from './generate/controllers.ts';
import {Devices} from './generate/devices.ts';
import {chooseFamily, knobsOf} from './generate/knobs.ts';
import {generateNodes} from './generate/nodes.ts';
import {generatePending, generateRunning, objectsBehind, type Surroundings} from './generate/pods.ts';
import {generateBudgets, generatePriorityClasses} from './generate/priorities.ts';
import {Random} from './generate/random.ts';
import {Storage} from './generate/volumes.ts';

/**
 * A scenario that depends on its seed alone, but for what a version does not have. All of its pods are such as the API
 * server takes.
 */
export function generate(seed: number, version: KubernetesVersion = DEFAULT_KUBERNETES_VERSION): ScenarioDocument {
  const random = new Random(seed);
  const family = chooseFamily(random);
  const wanted = knobsOf(family, random);
  // Resource claims are on from 1.34.
  const knobs = isAtLeast(version, '1.34') ? wanted : {...wanted, devices: 0};
  const nodes = generateNodes(random, knobs);
  const objects: KubernetesObject[] = [...generateNamespaces(random), ...generatePriorityClasses(random, knobs)];
  const controllers = generateControllers(random, knobs, objects);
  const hasConfiguration = random.chance(knobs.configuration);
  const config = hasConfiguration ? {config: generateConfiguration(random, family, nodes, version)} : {};
  const world: Surroundings = {
    random,
    knobs,
    nodes,
    controllers,
    storage: knobs.volumes > 0 ? new Storage(random, nodes) : null,
    devices: knobs.devices > 0 ? new Devices(random, nodes) : null,
    hasConfiguration: hasConfiguration && family !== 'onlyfit',
  };
  const pods = generateRunning(world);
  const pending = generatePending(world);
  const namesIn = (namespace: string): readonly string[] =>
    pods.filter(({metadata}) => metadata.namespace === namespace).map(({metadata}) => metadata.name ?? '');
  objects.push(...generateServices(random, knobs), ...generateBudgets(random, knobs, namesIn), ...objectsBehind(world));
  return {name: `${family}-${seed}`, nodes: nodes.map(({object}) => object), pods, pending, objects, ...config};
}
