import {FLINK_OPERATORS} from '../../../flink/flinkObjects.ts';
import {COMPONENTS, type Component, componentMemory} from '../../../flink/memory/component.ts';
import {NEWEST_FLINK, OLDEST_FLINK, readFlinkVersion} from '../../../flink/memory/flinkVersion.ts';
import {optionKinds} from '../../../flink/memory/memoryOptions.ts';
import type {Environment} from '../../../flink/memory/processMemory.ts';
import {
  type ProcessConfiguration,
  type ResourceConfiguration,
  resourceConfiguration,
} from '../../../flink/memory/resourceConfiguration.ts';
import {resourceRemedy} from '../../../flink/memory/resourceRemedy.ts';
import {ROCKSDB_KEYS} from '../../../flink/memory/rocksDb.ts';
import {operatorOf} from '../../../flink/operatorOf.ts';
import {type Diagnostics, placeOf} from '../../../model/diagnostic.ts';
import {type KubernetesObject, objectReference} from '../../../model/kubernetes.ts';
import {suggestion} from '../../../sources/schemaErrors.ts';
import type {InputObject} from '../../../workloads/inputObject.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';
import type {MemorySubject} from './memoryItem.ts';
import {refusedOf, reportRefused} from './refused.ts';
import {flinkResources} from './resources.ts';

export interface SubjectFlags {
  readonly filename: readonly string[];
  readonly define: readonly string[];
  readonly component?: Component;
  readonly flinkVersion?: string;
  readonly flinkOperator?: string;
  readonly environment?: Environment;
  readonly output: string;
}

/** The processes that the flags ask for; what is refused of their resources is told to the diagnostics. */
export function memorySubjects(flags: SubjectFlags, io: Io, diagnostics: Diagnostics): readonly MemorySubject[] {
  const values = definitions(flags.define);
  const {flinkOperator} = flags;
  if (flinkOperator !== undefined && !FLINK_OPERATORS.includes(flinkOperator)) {
    throw new UsageError(`--flink-operator ${flinkOperator}: expected one of ${FLINK_OPERATORS.join(', ')}`);
  }
  if (flags.filename.length > 0) {
    const resources = flinkResources(flags.filename, io, diagnostics);
    return resources.flatMap((resource) => subjectsOf(resource, flags, values, diagnostics));
  }
  if (values.size === 0) {
    throw new UsageError(
      'give a resource with -f, options with -D, such as -D taskmanager.memory.process.size=4g, or --from-ndjson FILE',
    );
  }
  const components = flags.component === undefined ? componentsOf(values) : [flags.component];
  return components.map((component) => ({
    object: null,
    component,
    flinkVersion: flags.flinkVersion ?? NEWEST_FLINK,
    environment: flags.environment ?? 'standalone',
    values,
    limit: undefined,
    notes: unreadNotes(values, component, components),
  }));
}

function definitions(define: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of define) {
    const equals = text.indexOf('=');
    const key = text.slice(0, Math.max(equals, 0)).trim();
    if (key === '') throw new UsageError(`-D ${text}: expected key=value, such as taskmanager.memory.process.size=4g`);
    if (values.has(key)) throw new UsageError(`-D ${key} is given twice`);
    values.set(key, text.slice(equals + 1));
  }
  return values;
}

/** The components that the options speak of; both where they speak of none. */
function componentsOf(values: ReadonlyMap<string, string>): readonly Component[] {
  const meant = COMPONENTS.filter((component) => [...values.keys()].some((key) => key.startsWith(`${component}.`)));
  return meant.length === 0 ? COMPONENTS : meant;
}

/** Options that no memory depends on, each said once: beside the component that it names, or the first. */
function unreadNotes(
  values: ReadonlyMap<string, string>,
  component: Component,
  shown: readonly Component[],
): readonly string[] {
  const known = COMPONENTS.flatMap((one) => [...optionKinds(one).keys()]);
  const owner = (key: string): Component | undefined => shown.find((one) => key.startsWith(`${one}.`)) ?? shown[0];
  return [...values.keys()]
    .filter((key) => !known.includes(key) && !ROCKSDB_KEYS.includes(key) && owner(key) === component)
    .map((key) => {
      const near = suggestion(key, known);
      return `${key} has no part in the memory${near === undefined ? '' : `; ${near}`}`;
    });
}

function subjectsOf(
  {object, origin}: InputObject,
  flags: SubjectFlags,
  more: ReadonlyMap<string, string>,
  diagnostics: Diagnostics,
): readonly MemorySubject[] {
  const {namespace, name = ''} = object.metadata;
  const title = objectReference(object.kind, namespace ?? 'default', name);
  const operator = flags.flinkOperator ?? null;
  const outcome = resourceConfiguration(object, operator);
  if (outcome.kind === 'refused') {
    reportRefused(refusedOf(outcome, origin), {object: title, operator: operatorOf(object, operator)}, diagnostics);
    return [];
  }
  if (outcome.kind === 'none') {
    diagnostics.warn('STW-2009', outcome.note, {object: title, place: placeOf(origin, '')});
    return [];
  }
  const flinkVersion = flags.flinkVersion ?? outcome.flinkVersion ?? NEWEST_FLINK;
  const version = readFlinkVersion(flinkVersion);
  if (version === undefined) {
    const message = `the memory model is known of Flink ${OLDEST_FLINK} to ${NEWEST_FLINK}, not of ${flinkVersion}`;
    diagnostics.error('STW-1012', message, {
      object: title,
      place: placeOf(origin, '/spec/flinkVersion'),
      hint: 'ask of another version with --flink-version',
    });
    return [];
  }
  const environment = flags.environment ?? outcome.environment;
  const versionNotes = flags.flinkVersion === undefined ? outcome.versionNotes : [];
  return outcome.processes
    .filter(({component}) => flags.component === undefined || component === flags.component)
    .map(({component, values, limit, notes}) => {
      const starts = (changed: KubernetesObject): boolean => {
        const processes = processesOf(resourceConfiguration(changed, operator));
        const process = processes.find((one) => one.component === component);
        const changedValues = new Map([...(process?.values ?? []), ...more]);
        return 'memory' in componentMemory(component, changedValues, {version, environment});
      };
      return {
        object: title,
        component,
        flinkVersion,
        environment,
        values: new Map([...values, ...more]),
        limit,
        notes: [...versionNotes, ...notes, ...unreadNotes(more, component, COMPONENTS)],
        enlarge: () => resourceRemedy(object, component, starts),
      };
    });
}

function processesOf(outcome: ResourceConfiguration): readonly ProcessConfiguration[] {
  return outcome.kind === 'configuration' ? outcome.processes : [];
}
