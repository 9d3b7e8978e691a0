import {type Diagnostics, placeOf} from '../model/diagnostic.ts';
import {qualifiedKind} from './apiKinds.ts';
import type {InputObject} from './inputObject.ts';

/** Namespaces that every cluster has. */
const ALWAYS_THERE = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/**
 * Names the namespaces that objects use and no Namespace object defines; they are assumed to exist. An input without
 * any Namespace object is no description of namespaces at all, so it gets one remark in all.
 */
export function reportMissingNamespaces(inputs: readonly InputObject[], diagnostics: Diagnostics): void {
  const known = new Set(ALWAYS_THERE);
  let defined = 0;
  for (const {object} of inputs) {
    if (qualifiedKind(object) !== 'Namespace') continue;
    known.add(object.metadata.name ?? '');
    defined += 1;
  }
  const missing = new Map<string, InputObject>();
  for (const input of inputs) {
    const {namespace = ''} = input.object.metadata;
    if (namespace !== '' && !known.has(namespace) && !missing.has(namespace)) missing.set(namespace, input);
  }
  if (missing.size === 0) return;
  if (defined === 0) {
    const [verb, rest] = missing.size === 1 ? ['namespace is', 'it is'] : ['namespaces are', 'they are'];
    diagnostics.warn(
      'STW-2003',
      `${missing.size} ${verb} in use, and the input defines none; ${rest} assumed to exist`,
    );
    return;
  }
  for (const [namespace, {origin}] of missing) {
    diagnostics.warn('STW-2003', `the namespace "${namespace}" is not in the input; it is assumed to exist`, {
      place: placeOf(origin, '/metadata/namespace'),
      object: `Namespace/${namespace}`,
    });
  }
}
