import type {KubernetesObject} from '../model/kubernetes.ts';
import {isRecord} from './field.ts';

/** The Flink resources of one input, found by those that refer to them. */
export class RelatedResources {
  readonly #deployments: ReadonlyMap<string, KubernetesObject>;
  readonly #sessionJobs: ReadonlyMap<string, readonly KubernetesObject[]>;

  constructor(objects: readonly KubernetesObject[]) {
    const deployments = new Map<string, KubernetesObject>();
    for (const object of objects) {
      if (object.kind !== 'FlinkDeployment') continue;
      const key = keyOf(object, object.metadata.name);
      if (!deployments.has(key)) deployments.set(key, object);
    }
    this.#deployments = deployments;
    this.#sessionJobs = Map.groupBy(
      objects.filter(({kind}) => kind === 'FlinkSessionJob'),
      (job) => keyOf(job, clusterNameOf(job)),
    );
  }

  /** The FlinkDeployment of a name in the namespace of another resource. */
  deploymentBeside(object: KubernetesObject, name: string): KubernetesObject | undefined {
    return this.#deployments.get(keyOf(object, name));
  }

  /** The FlinkDeployment that a session job names. */
  sessionOf(job: KubernetesObject): KubernetesObject | undefined {
    const name = clusterNameOf(job);
    return name === undefined ? undefined : this.deploymentBeside(job, name);
  }

  /** The session jobs that name a FlinkDeployment, in the order of the input. */
  sessionJobsOf(session: KubernetesObject): readonly KubernetesObject[] {
    return this.#sessionJobs.get(keyOf(session, session.metadata.name)) ?? [];
  }
}

/** For a resource by itself. */
export const NOTHING_RELATED = new RelatedResources([]);

/** Undefined in a job that the API server refuses. */
function clusterNameOf({spec}: KubernetesObject): string | undefined {
  const name = isRecord(spec) ? spec.deploymentName : undefined;
  return typeof name === 'string' ? name : undefined;
}

function keyOf({metadata: {namespace}}: KubernetesObject, name: string | undefined): string {
  return JSON.stringify([namespace ?? null, name ?? null]);
}
