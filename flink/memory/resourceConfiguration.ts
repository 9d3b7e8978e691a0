/** The configuration that a Flink operator gives the processes of a custom resource. */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {Field, Refusal} from '../field.ts';
import {clusterOutcome} from '../flinkCluster/clusterOutcome.ts';
import type {Cluster, ClusterDialect} from '../flinkCluster/clusterSpec.ts';
import {flinkConfiguration} from '../flinkCluster/flinkConf.ts';
import {flinkVersionOf, imageVersion} from '../flinkCluster/flinkVersionOf.ts';
import {quantity, upperBound, wholeUnits} from '../flinkCluster/quantities.ts';
import {readCluster} from '../flinkCluster/readCluster.ts';
import {unitNotes as clusterUnitNotes} from '../flinkCluster/unitNotes.ts';
import {DIALECTS} from '../flinkCluster.ts';
import {FlinkConfiguration} from '../flinkConfiguration.ts';
import {type ApacheOperator, type Release, releaseOf} from '../flinkDeployment/apacheOperator.ts';
import {colouredDeployment, NO_BLUE_GREEN} from '../flinkDeployment/blueGreen.ts';
import {readDeploymentSpec} from '../flinkDeployment/deploymentSpec.ts';
import {
  defaultConfiguration,
  deployedConfiguration,
  validatedConfiguration,
} from '../flinkDeployment/effectiveConfiguration.ts';
import {componentOptions} from '../flinkDeployment/options.ts';
import {prepareDeployment} from '../flinkDeployment/prepareDeployment.ts';
import {orRefused, refusedBy} from '../flinkDeployment/refusing.ts';
import {unitNotes} from '../flinkDeployment/unitNotes.ts';
import {type FlinkRefusal, refused} from '../flinkOutcome.ts';
import {formatJavaDouble} from '../javaDouble.ts';
import {apacheOperatorOf, clusterOperatorOf} from '../operatorOf.ts';
import {noteInTemplate, refusedInTemplate} from '../specPath.ts';
import {COMPONENTS, type Component} from './component.ts';
import {CPU_CORES} from './memoryOptions.ts';
import {mebibytes} from './memoryOrigins.ts';
import type {Environment} from './processMemory.ts';

export interface ProcessConfiguration {
  readonly component: Component;
  readonly values: ReadonlyMap<string, string>;
  /** The memory limit of its container in bytes, where it follows from something else than the process size. */
  readonly limit: bigint | undefined;
  readonly notes: readonly string[];
}

export type ResourceConfiguration =
  | {
      readonly kind: 'configuration';
      readonly environment: Environment;
      /** As the resource names it; undefined where it does not. */
      readonly flinkVersion: string | undefined;
      /** How the version is known, where the resource itself does not name it. */
      readonly versionNotes: readonly string[];
      readonly processes: readonly ProcessConfiguration[];
    }
  | {readonly kind: 'none'; readonly note: string}
  | FlinkRefusal;

/** What an operator hands to Flink; null chooses the operator by the resource. A validator's refusal is a note only. */
export function resourceConfiguration(object: KubernetesObject, operator: string | null): ResourceConfiguration {
  try {
    return orRefused(() => configurationOf(object, operator));
  } catch (error) {
    if (error instanceof Refusal) return {kind: 'refused', message: error.message, pointer: error.pointer};
    throw error;
  }
}

function configurationOf(object: KubernetesObject, operator: string | null): ResourceConfiguration {
  switch (object.kind) {
    case 'FlinkDeployment':
      return deploymentConfiguration(object, releaseOf(apacheOperatorOf(operator)));
    case 'FlinkBlueGreenDeployment':
      return blueGreenConfiguration(object, apacheOperatorOf(operator));
    case 'FlinkCluster':
      return clusterConfiguration(object, DIALECTS[clusterOperatorOf(object, operator)]);
    default:
      return {kind: 'none', note: `a ${object.kind} has no memory of its own; ask of its FlinkDeployment`};
  }
}

/** Both colours are alike. */
function blueGreenConfiguration(object: KubernetesObject, operator: ApacheOperator): ResourceConfiguration {
  if (operator === 'apache-1.7.0') return {kind: 'none', note: NO_BLUE_GREEN};
  const deployment = colouredDeployment(object, 'BLUE', operator);
  const outcome = resourceConfiguration(deployment, operator);
  if (outcome.kind === 'refused') return refusedInTemplate(outcome);
  if (outcome.kind === 'none') return outcome;
  return {
    ...outcome,
    processes: outcome.processes.map((process) => ({...process, notes: process.notes.map(noteInTemplate)})),
  };
}

function deploymentConfiguration(object: KubernetesObject, release: Release): ResourceConfiguration {
  const prepared = prepareDeployment(object, {release, operatorConfiguration: undefined, old: undefined});
  if (prepared.kind === 'schema') return refusedBy(prepared);
  const spec = new Field(object).get('spec');
  const refusals = prepared.kind === 'validation' ? [prepared.problem.message] : [];
  const deployment = readDeploymentSpec(spec, release);
  const {flinkVersion, mode} = deployment;
  const version = spec.get('flinkVersion').string();
  const defaults = defaultConfiguration(new FlinkConfiguration(), release, object.metadata.namespace, version);
  const configuration = deployedConfiguration(validatedConfiguration(defaults, spec), deployment, release);
  const notes = [
    ...refusals.map((message) => `the operator refuses the resource: ${message}`),
    ...unitNotes(spec, release),
  ];
  return {
    kind: 'configuration',
    environment: mode === 'native' ? 'active' : 'standalone',
    flinkVersion: flinkVersion?.replace(/^v/, '').replaceAll('_', '.'),
    versionNotes: [],
    processes: COMPONENTS.map((component, index) => ({
      component,
      values: mode === 'native' ? withNativeCpu(component, configuration) : configuration.values,
      limit: undefined,
      notes: index === 0 ? notes : [],
    })),
  };
}

/** In native Kubernetes the cores meant for Kubernetes count where Flink's own option is not set. */
function withNativeCpu(component: Component, configuration: FlinkConfiguration): ReadonlyMap<string, string> {
  if (component === 'jobmanager') return configuration.values;
  const cores = configuration.double(componentOptions(component).cpu) ?? 0;
  return cores > 0 ? configuration.withDefaults([[CPU_CORES, formatJavaDouble(cores)]]).values : configuration.values;
}

function clusterConfiguration(object: KubernetesObject, dialect: ClusterDialect): ResourceConfiguration {
  const outcome = clusterOutcome(object, {dialect, revision: () => null});
  if (outcome.kind === 'refused' && outcome.gate === 'schema') return refused(outcome.problems, 'schema');
  const read = readCluster(object, dialect);
  if ('errors' in read) return refused(read.errors, 'schema');
  const {cluster} = read;
  const refusals = outcome.kind === 'refused' ? outcome.problems.map(({message}) => message) : [];
  const values = new Map(Object.entries(flinkConfiguration(cluster)));
  return {
    kind: 'configuration',
    environment: 'standalone',
    flinkVersion: flinkVersionOf(cluster),
    versionNotes: versionNotes(cluster),
    processes: COMPONENTS.map((component, index) => ({
      component,
      values,
      limit: containerLimit(cluster, component),
      notes: [
        ...(index === 0 ? refusals.map((message) => `the operator refuses the resource: ${message}`) : []),
        ...derivationNotes(cluster, component, values),
        ...clusterUnitNotes(cluster).filter((note) => note.startsWith(`spec.${FIELDS[component]}.resources.`)),
      ],
    })),
  };
}

const FIELDS = {jobmanager: 'jobManager', taskmanager: 'taskManager'} as const;

function containerLimit({spec}: Cluster, component: Component): bigint | undefined {
  const limit = quantity(spec[FIELDS[component]].resources.limits, 'memory');
  return limit === undefined ? undefined : wholeUnits(limit);
}

function versionNotes({dialect, spec}: Cluster): readonly string[] {
  if (dialect !== 'gcp') return [];
  const version = imageVersion(spec.image.name);
  return version === undefined
    ? ['the resource does not name the version of Flink; give it with --flink-version']
    : [`the version of Flink is that of the image ${spec.image.name}`];
}

/** Where a size comes from that the resource does not write. */
function derivationNotes(
  {dialect, spec}: Cluster,
  component: Component,
  values: ReadonlyMap<string, string>,
): readonly string[] {
  const key = ['memory.process.size', 'heap.size'].map((name) => `${component}.${name}`).find((one) => values.has(one));
  const {resources, memoryProcessRatio, memoryOffHeapRatio, memoryOffHeapMin} = spec[FIELDS[component]];
  if (key === undefined || spec.flinkProperties?.[key] !== undefined) return [];
  const memory = dialect === 'gcp' ? quantity(resources.limits, 'memory') : upperBound(resources, 'memory');
  const rule = key.endsWith('process.size')
    ? `${memoryProcessRatio ?? 0} % (memoryProcessRatio)`
    : `all but ${memoryOffHeapRatio ?? 0} % (memoryOffHeapRatio) or ${memoryOffHeapMin} (memoryOffHeapMin), whichever is more,`;
  return [`${key}=${values.get(key)} is the operator's: ${rule} of ${mebibytes(wholeUnits(memory))}`];
}
