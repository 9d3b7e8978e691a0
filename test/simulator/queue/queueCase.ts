import {readdirSync, readFileSync} from 'node:fs';
import type {KubernetesObject, NodeObject, PodObject} from '../../../model/kubernetes.ts';
import {DEFAULT_KUBERNETES_VERSION, type KubernetesVersion} from '../../../simulator/simulation.ts';

/** A script for the queue, and how the real one stood after every step (validator/kube-scheduler/README.md). */
export interface QueueCase {
  readonly name: string;
  readonly cluster?: {
    readonly nodes?: readonly NodeObject[];
    readonly pods?: readonly PodObject[];
    readonly objects?: readonly KubernetesObject[];
    readonly config?: unknown;
  };
  readonly steps: readonly QueueStep[];
  readonly states: readonly QueueState[];
}

export type QueueStep =
  | {readonly do: 'set'; readonly object: KubernetesObject}
  | {readonly do: 'remove'; readonly kind: string; readonly name: string; readonly namespace?: string}
  | {readonly do: 'advance'; readonly seconds: number}
  | {readonly do: 'pop' | 'begin' | 'schedule'}
  | {readonly do: 'end' | 'done'; readonly pod?: string}
  | {
      readonly do: 'failed';
      readonly pod: string;
      readonly plugins?: readonly string[];
      readonly pending?: readonly string[];
      readonly nominate?: string;
    };

/** Times are in seconds since the start. */
export interface QueueState {
  readonly popped?: string;
  readonly result?: string;
  readonly node?: string;
  readonly message?: string;
  readonly victims?: readonly string[];
  readonly active?: readonly QueuedPodState[];
  readonly backoff?: readonly QueuedPodState[];
  readonly unschedulable?: readonly QueuedPodState[];
  readonly inFlight?: readonly string[];
  readonly nominated?: Readonly<Record<string, readonly string[]>>;
}

export interface QueuedPodState {
  readonly pod: string;
  readonly since: number;
  readonly until?: number;
  readonly attempts?: number;
  readonly unschedulableCount?: number;
  readonly errorCount?: number;
  readonly plugins?: readonly string[];
  readonly pending?: readonly string[];
  readonly gate?: string;
}

const FOLDER = new URL('../../golden/scheduler/queue/', import.meta.url);

/** The recorded cases of a version. Those that an older version cannot run, for want of a kind, are left out. */
export function readQueueCases(version: KubernetesVersion): readonly QueueCase[] {
  const newest = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ndjson'))
    .sort()
    .flatMap((file) => readLines(file) as readonly QueueCase[]);
  if (version === DEFAULT_KUBERNETES_VERSION) return newest;
  const others = readLines(`older/${version}.ndjson`) as readonly (QueueCase | Failure)[];
  const byName = new Map(others.map((one) => [one.name, one]));
  return newest.flatMap((one) => {
    const other = byName.get(one.name) ?? one;
    return 'error' in other ? [] : [other];
  });
}

interface Failure {
  readonly name: string;
  readonly error: string;
}

function readLines(file: string): readonly unknown[] {
  return readFileSync(new URL(file, FOLDER), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
