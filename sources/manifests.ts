import {type Diagnostics, placeOf} from '../model/diagnostic.ts';
import {type KubernetesObject, type ObjectMeta, objectReference} from '../model/kubernetes.ts';
import type {InputObject} from '../workloads/inputObject.ts';
import {decodeStrict} from '../workloads/strict/strictDecoding.ts';
import {below, type ListedKind, type SourceDocument} from './documents.ts';
import {isClusterScoped} from './scope.ts';
import type {SharedValues} from './sharedValues.ts';
import {slimObject} from './slimObject.ts';

/** Whether unknown fields are errors, warnings or nothing, as kubectl's --validate. */
export type Validate = 'strict' | 'warn' | 'ignore';

export interface ManifestOptions {
  /** Namespace of namespaced objects that name none. */
  readonly namespace: string;
  readonly validate: Validate;
  /** Where equal parts of objects are kept once; each object keeps its own when left out. */
  readonly shared?: SharedValues;
}

/** The Kubernetes objects of some documents: Lists are opened, namespaces decided, fields checked. */
export function readManifests(
  documents: readonly SourceDocument[],
  options: ManifestOptions,
  diagnostics: Diagnostics,
): InputObject[] {
  return documents.flatMap((document) => readValue(document, options, diagnostics, document.listed));
}

function readValue(
  {value, origin}: SourceDocument,
  options: ManifestOptions,
  diagnostics: Diagnostics,
  listed: ListedKind | undefined,
): InputObject[] {
  if (!isRecord(value)) {
    const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    if (listed !== undefined) {
      diagnostics.error('STW-1003', `the list item is ${found}, not an object`, {
        hint: 'remove the item',
        place: placeOf(origin, ''),
      });
    } else if (value !== null) {
      diagnostics.warn('STW-2007', `the document is ${found}, not a Kubernetes object; left out`, {
        place: placeOf(origin, ''),
      });
    }
    return [];
  }
  const apiVersion = value.apiVersion ?? listed?.apiVersion;
  const kind = value.kind ?? listed?.kind;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
    const missing = [
      ...(typeof apiVersion === 'string' && apiVersion !== '' ? [] : ['apiVersion']),
      ...(typeof kind === 'string' && kind !== '' ? [] : ['kind']),
    ];
    diagnostics.warn(
      'STW-2007',
      `the document has no ${missing.join(' and no ')}, so it is not a Kubernetes object; left out`,
      {
        place: placeOf(origin, ''),
      },
    );
    return [];
  }
  const items = value.items;
  if (kind.endsWith('List') && Array.isArray(items)) {
    const itemKind = {apiVersion, kind: kind === 'List' ? '' : kind.slice(0, -'List'.length)};
    return items.flatMap((item: unknown, index) =>
      readValue({value: item, origin: below(origin, `/items/${index}`)}, options, diagnostics, itemKind),
    );
  }
  const metadata = value.metadata;
  if (metadata === undefined || metadata === null || (isRecord(metadata) && !namesItself(metadata))) {
    diagnostics.warn('STW-2007', `the ${kind} has no metadata.name, so kubectl would not apply it; left out`, {
      place: placeOf(origin, '/metadata'),
      object: kind,
    });
    return [];
  }
  const object = decodeStrict(
    {object: {...value, apiVersion, kind} as unknown as KubernetesObject, origin},
    diagnostics,
    options.validate,
  );
  if (object !== undefined && !isRecord(object.metadata)) {
    diagnostics.error('STW-1003', `the metadata of the ${kind} is not a map`, {
      hint: 'write metadata with a name',
      place: placeOf(origin, '/metadata'),
      object: kind,
    });
    return [];
  }
  if (object === undefined || !hasWholeOwners({object, origin}, diagnostics)) return [];
  const slim = slimObject(withNamespace(object, options.namespace));
  return [{object: options.shared === undefined ? slim : withSharedParts(slim, options.shared), origin}];
}

/**
 * Puts equal objects together: of two objects of one kind, namespace and name the last one counts, as with kubectl
 * apply, but two nodes of one name are an error: the number of machines would be wrong.
 */
export function mergeObjects(objects: readonly InputObject[], diagnostics: Diagnostics): InputObject[] {
  const byKey = new Map<string, InputObject>();
  const kept: (InputObject | undefined)[] = [];
  const places = new Map<string, number>();
  for (const input of objects) {
    const {kind, metadata, apiVersion} = input.object;
    if (metadata.name === undefined || metadata.name === '') {
      kept.push(input);
      continue;
    }
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const key = `${group}\0${kind}\0${metadata.namespace ?? ''}\0${metadata.name}`;
    const earlier = byKey.get(key);
    if (earlier !== undefined) {
      const reference = objectReference(kind, metadata.namespace, metadata.name);
      const first = placeOf(earlier.origin, '/metadata/name');
      const place = placeOf(input.origin, '/metadata/name');
      const where = `${first.file}:${first.line}:${first.column}`;
      if (kind === 'Node') {
        diagnostics.error('STW-1005', `${reference} is given twice; the first time at ${where}`, {
          hint: 'rename or remove one of them',
          place,
          object: reference,
        });
        continue;
      }
      diagnostics.warn('STW-2010', `${reference} is given twice; the last one counts (the first is at ${where})`, {
        place,
        object: reference,
      });
      kept[places.get(key)!] = undefined;
    }
    byKey.set(key, input);
    places.set(key, kept.length);
    kept.push(input);
  }
  return kept.filter((input) => input !== undefined);
}

function withSharedParts(object: KubernetesObject, shared: SharedValues): KubernetesObject {
  const {labels, annotations, ownerReferences} = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(labels === undefined ? {} : {labels: shared.share(labels)}),
      ...(annotations === undefined ? {} : {annotations: shared.share(annotations)}),
      ...(ownerReferences === undefined ? {} : {ownerReferences: shared.share(ownerReferences)}),
    },
    ...(isRecord(object.spec) ? {spec: shared.shareMembers(object.spec)} : {}),
  };
}

function withNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  const {metadata} = object;
  if (isClusterScoped(object.apiVersion, object.kind)) {
    if (metadata.namespace === undefined) return object;
    const {namespace: _dropped, ...rest} = metadata;
    return {...object, metadata: rest};
  }
  if (metadata.namespace !== undefined && metadata.namespace !== '') return object;
  return {...object, metadata: {...metadata, namespace} satisfies ObjectMeta};
}

/** Whether every owner is named in full, without which nobody can tell whose the object is. */
function hasWholeOwners({object, origin}: InputObject, diagnostics: Diagnostics): boolean {
  const {name, namespace, ownerReferences = []} = object.metadata;
  let isWhole = true;
  for (const [index, owner] of ownerReferences.entries()) {
    for (const field of ['apiVersion', 'kind', 'name'] as const) {
      if ((owner[field] ?? '') !== '') continue;
      isWhole = false;
      diagnostics.error('STW-1008', `metadata.ownerReferences[${index}].${field}: Required value`, {
        place: placeOf(origin, `/metadata/ownerReferences/${index}`),
        object: objectReference(object.kind, namespace, name ?? ''),
      });
    }
  }
  return isWhole;
}

function namesItself(metadata: Readonly<Record<string, unknown>>): boolean {
  return [metadata.name, metadata.generateName].some((name) => name !== undefined && name !== null && name !== '');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
