import type {KubernetesObject, OwnerReference} from '../model/kubernetes.ts';
import type {Environment} from './memory/processMemory.ts';

export type Component = 'jobmanager' | 'taskmanager' | 'submitter';

export interface ComponentObject {
  readonly component: Component;
  readonly object: KubernetesObject;
}

/** Task slots over all TaskManagers, and how many of them the job uses; null where no job is known. */
export interface Slots {
  readonly total: number;
  readonly used: number | null;
}

/** How Flink itself is set up, with the whole configuration by flat keys. */
export interface FlinkSetup {
  /** As the resource names it, or the tag of its image. */
  readonly version: string | null;
  /** `active` where Flink itself asks Kubernetes for its TaskManagers. */
  readonly environment: Environment;
  readonly configuration: Readonly<Record<string, string>>;
}

/** One thing that is refused about a resource, by whom, and where. */
export interface FlinkProblem {
  readonly message: string;
  /** JSON pointer to the field at fault. */
  readonly pointer: string;
  /** The API server by the schema, the operator's webhook, or the operator when it makes the objects. */
  readonly gate: 'schema' | 'validation' | 'deployment';
}

/** What becomes of a Flink resource: the objects its operator makes, a refusal, or nothing that runs pods. */
export type FlinkOutcome =
  | {
      readonly kind: 'objects';
      readonly objects: readonly ComponentObject[];
      /** What the operator makes beside the workloads: services, configuration, budgets, groups. */
      readonly supporting?: readonly KubernetesObject[];
      readonly slots: Slots | null;
      readonly flink?: FlinkSetup;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly pointer: string;
      /** All of them at once; the first is the message above. */
      readonly problems?: readonly FlinkProblem[];
      /** What is odd about it beside, each beginning with its field. */
      readonly notes?: readonly string[];
    }
  | {readonly kind: 'none'; readonly notes: readonly string[]};

export type FlinkRefusal = Extract<FlinkOutcome, {kind: 'refused'}>;

/** Everything that one gate refuses. */
export function refused(problems: readonly Omit<FlinkProblem, 'gate'>[], gate: FlinkProblem['gate']): FlinkRefusal {
  const {message = '', pointer = ''} = problems[0] ?? {};
  return {kind: 'refused', message, pointer, problems: problems.map((problem) => ({...problem, gate}))};
}

/** The operator's own words behind the gate at which they are said; null where none gets to see the resource. */
export function refusalText(message: string, gate: FlinkProblem['gate'] | null, operator: string): string {
  return gate === null ? `refused: ${message}` : `refused at the ${gate} gate of ${operator}: ${message}`;
}

interface Controller {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid?: string | undefined;
}

/** Names a Flink resource as the controller of the objects made for it. */
export function ownedBy({apiVersion, kind, metadata: {name = '', uid}}: KubernetesObject): OwnerReference {
  return controllerReference({apiVersion, kind, name, uid});
}

export function controllerReference({apiVersion, kind, name, uid}: Controller): OwnerReference {
  return {
    apiVersion,
    kind,
    name,
    ...(uid === undefined ? {} : {uid}),
    controller: true,
    blockOwnerDeletion: false,
  };
}

/** The fields of a record that have a value. */
export function present<T extends Record<string, unknown>>(record: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
}
