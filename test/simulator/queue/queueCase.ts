import {readdirSync, readFileSync} from 'node:fs';
import type {KubernetesObject, NodeObject, PodObject} from '../../../model/kubernetes.ts';

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

/** The recorded cases by group, the name of their file. */
export function readQueueCases(): ReadonlyMap<string, readonly QueueCase[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ndjson'));
  return new Map(
    files.sort().map((file) => {
      const lines = readFileSync(new URL(file, FOLDER), 'utf8').trim().split('\n');
      return [file.replace('.ndjson', ''), lines.map((line) => JSON.parse(line) as QueueCase)];
    }),
  );
}
