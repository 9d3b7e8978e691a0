import table from './fields.json' with {type: 'json'};

/** Values without fields of their own. `any` is whatever the writer likes; int32 and int64 differ in range. */
export type ScalarType =
  | 'string'
  | 'int32'
  | 'int64'
  | 'number'
  | 'boolean'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'any';

/** What the API allows at one place of an object. */
export type FieldType =
  | {readonly kind: 'struct'; readonly fields: ReadonlyMap<string, FieldType>}
  | {readonly kind: 'list'; readonly item: FieldType}
  | {readonly kind: 'map'; readonly value: FieldType}
  | {readonly kind: ScalarType};

type StructType = Extract<FieldType, {kind: 'struct'}>;

/** How Stowage reads an apiVersion and kind: the type of its fields, and the version in whose terms they are. */
export interface KindType {
  readonly type: FieldType;
  readonly apiVersion: string;
  /** The version was served once and has been replaced by `apiVersion`. */
  readonly removed: boolean;
}

/** The Kubernetes release whose fields are known, such as `1.36`. */
export const FIELDS_RELEASE: string = table.kubernetes;

const SCALARS: ReadonlySet<string> = new Set<ScalarType>([
  'string',
  'int32',
  'int64',
  'number',
  'boolean',
  'quantity',
  'intOrString',
  'time',
  'any',
]);

/** Kinds that have left the group they were born in, by `apiVersion/Kind`. */
const MOVED: Readonly<Record<string, string>> = {
  'extensions/v1beta1/DaemonSet': 'apps/v1',
  'extensions/v1beta1/Deployment': 'apps/v1',
  'extensions/v1beta1/Ingress': 'networking.k8s.io/v1',
  'extensions/v1beta1/NetworkPolicy': 'networking.k8s.io/v1',
  'extensions/v1beta1/ReplicaSet': 'apps/v1',
};

interface CompiledFields {
  readonly kinds: ReadonlyMap<string, FieldType>;
  /** The most stable apiVersion of a kind by `group/Kind`. */
  readonly current: ReadonlyMap<string, string>;
  readonly objectMeta: FieldType;
  readonly names: ReadonlyMap<FieldType, string>;
}

let compiled: CompiledFields | undefined;

/** The type of a built-in kind, also of one whose apiVersion is no longer served; `undefined` for custom resources. */
export function kindType(apiVersion: string, kind: string): KindType | undefined {
  const {kinds, current} = compiledFields();
  const type = kinds.get(`${apiVersion}/${kind}`);
  if (type !== undefined) return {type, apiVersion, removed: false};
  const key = `${apiVersion}/${kind}`;
  const successor = Object.hasOwn(MOVED, key) ? MOVED[key] : current.get(`${groupOf(apiVersion)}/${kind}`);
  if (successor === undefined) return undefined;
  return {type: kinds.get(`${successor}/${kind}`)!, apiVersion: successor, removed: true};
}

/** The type of `metadata`, which custom resources share with all others. */
export function objectMetaType(): FieldType {
  return compiledFields().objectMeta;
}

/** Go's name of a struct, such as `DeploymentSpec`, or with its package `v1.DeploymentSpec`. */
export function structName(type: FieldType, isQualified = false): string | undefined {
  const [, version = '', name = ''] =
    /(V\d+(?:(?:alpha|beta)\d+)?)(\w+)$/.exec(compiledFields().names.get(type) ?? '') ?? [];
  if (name === '') return undefined;
  return isQualified ? `${version.toLowerCase()}.${name}` : name;
}

/** Maps are built once, at first use: programs that read no object do not pay for them. */
function compiledFields(): CompiledFields {
  compiled ??= compile();
  return compiled;
}

function compile(): CompiledFields {
  const structs = new Map<string, StructType & {readonly fields: Map<string, FieldType>}>();
  const names: readonly string[] = Object.keys(table.types);
  for (const name of names) structs.set(name, {kind: 'struct', fields: new Map()});
  const resolve = (text: string): FieldType => {
    if (text.startsWith('[]')) return {kind: 'list', item: resolve(text.slice(2))};
    if (text.startsWith('{}')) return {kind: 'map', value: resolve(text.slice(2))};
    if (SCALARS.has(text)) return {kind: text as ScalarType};
    const struct = structs.get(text);
    if (struct === undefined) throw new Error(`the field table has no type ${text}`);
    return struct;
  };
  for (const [name, fields] of Object.entries(table.types)) {
    const struct = structs.get(name)!;
    for (const [field, text] of Object.entries<string>(fields)) struct.fields.set(field, resolve(text));
  }
  const structNames = new Map<FieldType, string>([...structs].map(([name, struct]) => [struct, name]));
  const kinds = new Map(Object.entries<string>(table.kinds).map(([key, name]) => [key, resolve(name)]));
  return {
    kinds,
    current: currentVersions(Object.keys(table.kinds)),
    objectMeta: resolve('V1ObjectMeta'),
    names: structNames,
  };
}

function currentVersions(keys: readonly string[]): Map<string, string> {
  const current = new Map<string, string>();
  for (const key of keys) {
    const [, apiVersion = '', kind = ''] = /^(.+)\/([^/]+)$/.exec(key) ?? [];
    const group = `${groupOf(apiVersion)}/${kind}`;
    const other = current.get(group);
    if (other === undefined || stability(apiVersion) > stability(other)) current.set(group, apiVersion);
  }
  return current;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Orders versions as Kubernetes does: v2, v1, v1beta2, v1beta1, v1alpha1. */
function stability(apiVersion: string): number {
  const [, major = '0', stage, minor = '0'] = /v(\d+)(?:(alpha|beta)(\d+))?$/.exec(apiVersion) ?? [];
  const rank = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return rank * 1e6 + Number(major) * 1e3 + Number(minor);
}
