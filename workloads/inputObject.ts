import type {Origin} from '../model/diagnostic.ts';
import type {KubernetesObject} from '../model/kubernetes.ts';

/** A Kubernetes object of the input and the place it was read from. Its metadata.namespace is already decided. */
export interface InputObject {
  readonly object: KubernetesObject;
  readonly origin: Origin;
}
