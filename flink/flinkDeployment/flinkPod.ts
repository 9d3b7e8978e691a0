/** A pod on its way from the user's template to what the cluster gets; each step takes one and makes the next. */
import {isRecord} from '../field.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface FlinkPod {
  readonly metadata: Json;
  /** The spec without Flink's own container. */
  readonly spec: Json;
  /** Flink's own container, which comes last. */
  readonly main: Json;
}

export function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A record with more items at the end of one of its lists. */
export function appended(record: Json, field: string, items: readonly unknown[]): Json {
  return items.length === 0 ? record : {...record, [field]: [...listOf(record[field]), ...items]};
}

/** A record with more entries in one of its maps, which win. */
export function merged(record: Json, field: string, entries: Json | undefined): Json {
  if (entries === undefined || Object.keys(entries).length === 0) return record;
  return {...record, [field]: {...recordOf(record[field]), ...entries}};
}

export function withVolume(pod: FlinkPod, volume: Json, mount: Json): FlinkPod {
  return {
    ...pod,
    spec: appended(pod.spec, 'volumes', [volume]),
    main: appended(pod.main, 'volumeMounts', [{name: volume.name, ...mount}]),
  };
}

export function withVariables(pod: FlinkPod, variables: readonly Json[]): FlinkPod {
  return {...pod, main: appended(pod.main, 'env', variables)};
}

/** The whole spec, Flink's container behind the user's. */
export function podSpec({spec, main}: FlinkPod): Json {
  return {...spec, containers: [...listOf(spec.containers), main]};
}
