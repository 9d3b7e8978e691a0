/** The pod template of each component: what is common, what is its own, and what the operator adds. */

import type {Field} from '../field.ts';
import type {FlinkConfiguration} from '../flinkConfiguration.ts';
import {type ArrayMerge, MAIN_CONTAINER, mergePodTemplates} from '../podTemplate.ts';
import type {ComponentSpec, DeploymentSpec, Quantities} from './deploymentSpec.ts';
import {type FlinkPod, type Json, listOf, recordOf} from './flinkPod.ts';
import {MERGES_BY_NAME, STARTUP_PROBE} from './options.ts';

/** Undefined where the resource says nothing that a template could hold. */
export interface PodTemplates {
  readonly jobManager: Json | undefined;
  readonly taskManager: Json | undefined;
}

const INT_MAX = 2 ** 31 - 1;

/** The JobManager becomes ready once it could read its configuration; that never gives up. */
const PROBE = {failureThreshold: INT_MAX, httpGet: {path: '/config', port: 'rest'}, periodSeconds: 1};

export function podTemplates(deployment: DeploymentSpec, configuration: FlinkConfiguration): PodTemplates {
  const arrays = configuration.boolean(MERGES_BY_NAME) === true ? 'byName' : 'byIndex';
  const jobManager = componentTemplate(deployment.podTemplate, deployment.jobManager, arrays);
  const taskManager = componentTemplate(deployment.podTemplate, deployment.taskManager, arrays);
  return {
    jobManager: configuration.boolean(STARTUP_PROBE) === false ? jobManager : withProbe(jobManager ?? {}),
    taskManager,
  };
}

function componentTemplate(
  common: Json | undefined,
  {podTemplate, otherRequests, otherLimits}: ComponentSpec,
  arrays: ArrayMerge,
): Json | undefined {
  const merged = mergePodTemplates(common, podTemplate, arrays);
  const template = merged === undefined ? undefined : recordOf(merged);
  if (Object.keys(otherRequests).length === 0 && Object.keys(otherLimits).length === 0) return template;
  return withMain(template ?? {}, (main) => ({...main, resources: withResources(main, otherRequests, otherLimits)}));
}

function withResources(main: Json, requests: Quantities, limits: Quantities): Json {
  const {requests: own, limits: ownLimits, ...rest} = recordOf(main.resources);
  return {...rest, requests: {...recordOf(own), ...requests}, limits: {...recordOf(ownLimits), ...limits}};
}

function withProbe(template: Json): Json {
  return withMain(template, (main) => ({...main, startupProbe: main.startupProbe ?? PROBE}));
}

/** A template whose main container, made where there is none, is changed. */
function withMain(template: Json, change: (main: Json) => Json): Json {
  const spec = recordOf(template.spec);
  const containers = listOf(spec.containers).map(recordOf);
  const changed = containers.some(isMain)
    ? containers.map((container) => (isMain(container) ? change(container) : container))
    : [...containers, change({name: MAIN_CONTAINER})];
  return {...template, spec: {...spec, containers: changed}};
}

function isMain({name}: Json): boolean {
  return name === MAIN_CONTAINER;
}

/** A template taken apart as Flink's client loads it. */
export function podOf(template: Json | undefined): FlinkPod {
  const {metadata, spec} = template ?? {};
  const {containers, ...rest} = recordOf(spec);
  const all = listOf(containers).map(recordOf);
  const others = all.filter((container) => !isMain(container));
  return {
    metadata: recordOf(metadata),
    spec: others.length === 0 ? rest : {...rest, containers: others},
    main: all.findLast(isMain) ?? {},
  };
}

/** Refuses templates whose parts are not what their names say; nothing else in them is looked at. */
export function checkPodTemplates(spec: Field): void {
  for (const owner of [spec, spec.get('jobManager'), spec.get('taskManager')]) {
    const template = owner.get('podTemplate');
    const metadata = template.get('metadata');
    metadata.get('labels').record();
    metadata.get('annotations').record();
    for (const container of template.get('spec').get('containers').items()) {
      if (container.record() === undefined) container.refuse(`${container.path} is null, expected a container`);
    }
  }
}
