import type {KubernetesObject, PodSpec} from '../../model/kubernetes.ts';
import {forbid, type Refusal} from './refusal.ts';

interface SecretReference {
  readonly name?: string;
}

/** The service accounts of a cluster. Input rarely holds them all, so that others may be taken to exist. */
export class ServiceAccounts {
  readonly #pullSecrets = new Map<string, readonly SecretReference[]>();
  readonly #others: 'Assumed' | 'AsGiven';

  constructor(others: 'Assumed' | 'AsGiven') {
    this.#others = others;
  }

  /** Adds a v1 ServiceAccount. */
  add({metadata, imagePullSecrets}: KubernetesObject): void {
    const secrets = Array.isArray(imagePullSecrets) ? (imagePullSecrets as SecretReference[]) : [];
    this.#pullSecrets.set(`${metadata.namespace ?? ''}/${metadata.name ?? ''}`, secrets);
  }

  /** The secrets that pods of an account pull images with; undefined when there is no such account. */
  pullSecrets(namespace: string, name: string): readonly SecretReference[] | undefined {
    const found = this.#pullSecrets.get(`${namespace}/${name}`);
    // Every namespace has this account from the start.
    return found ?? (name === 'default' || this.#others === 'Assumed' ? [] : undefined);
  }
}

/** The plugin ServiceAccount: the account's name in both fields, and its pull secrets for a pod that has none. */
export function admitServiceAccount(spec: PodSpec, namespace: string, accounts: ServiceAccounts): PodSpec | Refusal {
  const {serviceAccount, imagePullSecrets} = spec;
  const name = spec.serviceAccountName || (typeof serviceAccount === 'string' && serviceAccount) || 'default';
  const secrets = accounts.pullSecrets(namespace, name);
  if (secrets === undefined) {
    return forbid(
      'mutating',
      `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
    );
  }
  const hasOwn = Array.isArray(imagePullSecrets) && imagePullSecrets.length > 0;
  return {
    ...spec,
    serviceAccountName: name,
    serviceAccount: name,
    ...(hasOwn || secrets.length === 0 ? {} : {imagePullSecrets: secrets}),
  };
}
