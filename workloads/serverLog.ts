import type {KubernetesObject} from '../model/kubernetes.ts';
import type {AdmissionObjects} from './admission/admission.ts';
import {resourceName} from './admission/objectUsage.ts';
import {podSecurityWarnings} from './admission/podSecurity.ts';
import type {Refusal} from './admission/refusal.ts';
import type {ResourceQuotas} from './admission/resourceQuota.ts';
import {qualifiedKind} from './apiKinds.ts';
import {defaultStored} from './defaulting/storedDefaults.ts';
import type {DirectOwner} from './expansion/podSet.ts';
import {type FieldError, fieldErrorMessage, invalidMessage} from './validation/fieldError.ts';
import {serverWarnings} from './validation/serverWarnings.ts';

/** An object that the API server refused. */
export interface ServerRefusal {
  readonly object: KubernetesObject;
  readonly code: 403 | 422;
  /** The message of the Status. */
  readonly message: string;
  /** Messages that a real server might give as well. */
  readonly others: readonly string[];
}

/** A pod or claim that the API server refused to a controller. */
export interface ControllerFailure {
  readonly namespace: string;
  readonly owner: DirectOwner;
  /** Name of the pod that was asked for. */
  readonly pod: string;
  /** What the API server completed to that name, null for a name of the controller's own. */
  readonly generateName: string | null;
  readonly message: string;
  /** Messages that a real server might give as well. */
  readonly others: readonly string[];
}

/**
 * What the API server and the controllers say and store on the way to the pods, in their own words: what a real
 * cluster would show of the same input. Nothing downstream needs it; it is there to be compared and shown.
 */
export class ServerLog {
  readonly refusals: ServerRefusal[] = [];
  readonly warnings: {readonly object: KubernetesObject; readonly text: string}[] = [];
  readonly failures: ControllerFailure[] = [];
  /** Accepted objects with the API's defaults, those of controllers among them; pods and claims are in the model. */
  readonly stored: KubernetesObject[] = [];
  /** What is used of each quota at the end, by `NAMESPACE/NAME`. */
  quotaUse: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();

  /** An admission plugin turned the object down. */
  forbid(object: KubernetesObject, reason: string): void {
    const message = `${resourceName(object)} "${object.metadata.name ?? ''}" is forbidden: ${reason}`;
    this.refusals.push({object, code: 403, message, others: []});
  }

  /** Validation found these errors; equal ones are named once. */
  invalidate(object: KubernetesObject, errors: readonly FieldError[]): void {
    const distinct = new Map(errors.map((error) => [fieldErrorMessage(error), error]));
    const message = invalidMessage(qualifiedKind(object), object.metadata.name ?? '', [...distinct.values()]);
    this.refusals.push({object, code: 422, message, others: []});
  }

  /** A pod of the input was refused. */
  refusePod(object: KubernetesObject, refusal: Refusal, message: string, others: readonly string[]): void {
    this.refusals.push({object, code: refusal.kind === 'invalid' ? 422 : 403, message, others});
  }

  /** The object was accepted. */
  store(object: KubernetesObject): void {
    this.stored.push(defaultStored(object));
  }

  /** The warnings that come with an accepted object. */
  warn(object: KubernetesObject, admission: AdmissionObjects): void {
    const labels = admission.namespaceLabels.get(object.metadata.namespace ?? '') ?? {};
    for (const text of [...serverWarnings(object), ...podSecurityWarnings(object, labels)]) {
      this.warnings.push({object, text});
    }
  }

  addQuotaUse(quotas: ResourceQuotas): void {
    this.quotaUse = quotas.statuses();
  }
}
