/**
 * Writes workloads/strict/fields.json: every kind that Kubernetes serves and the type of each of its fields, taken from
 * the models and request paths of the devDependency @kubernetes/client-node. Run it after that package was updated.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const GENERATED = new URL('../node_modules/@kubernetes/client-node/dist/gen/', import.meta.url);
const TARGET = new URL('../workloads/strict/fields.json', import.meta.url);

/** One field of a model, as the generated clients describe it. */
interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

type Models = Readonly<Record<string, {getAttributeTypeMap?(): readonly Attribute[]}>>;

export interface KubernetesFields {
  /** The release the table was taken from, such as `1.36`. */
  readonly kubernetes: string;
  /** Type name by `apiVersion/Kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Field types by type name: a base type, a type name, `[]` and an item type, or `{}` and the type of a map's values. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Maps from resource names to quantities; the models call their values strings. */
const QUANTITY_MAPS = new Set([
  'allocatable',
  'allocatedResources',
  'capacity',
  'consumedCapacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'podFixed',
  'requests',
  'used',
]);

/** Other fields of quantities, by type name without version. */
const QUANTITY_FIELDS = new Set([
  'CSIStorageCapacity.capacity',
  'CSIStorageCapacity.maximumVolumeSize',
  'CapacityRequestPolicy.default',
  'CapacityRequestPolicy.validValues',
  'CapacityRequestPolicyRange.max',
  'CapacityRequestPolicyRange.min',
  'CapacityRequestPolicyRange.step',
  'Counter.value',
  'DeviceCapacity.value',
  'EmptyDirVolumeSource.sizeLimit',
  'HPAScalingRules.tolerance',
  'MetricTarget.averageValue',
  'MetricTarget.value',
  'MetricValueStatus.averageValue',
  'MetricValueStatus.value',
  'NodeAllocatableResourceClaimStatus.resources',
  'NodeAllocatableResourceMapping.allocationMultiplier',
  'ResourceFieldSelector.divisor',
]);

export async function kubernetesFields(): Promise<KubernetesFields> {
  const models = (await import(new URL('models/all.js', GENERATED).href)) as Models;
  const kinds = servedKinds();
  const types: Record<string, Record<string, string>> = {};
  const queue = [...kinds.values()];
  for (let type = queue.pop(); type !== undefined; type = queue.pop()) {
    if (Object.hasOwn(types, type)) continue;
    const attributes = models[type]?.getAttributeTypeMap?.();
    if (attributes === undefined) throw new Error(`no model of ${type}`);
    const fields: Record<string, string> = {};
    for (const attribute of attributes) {
      const fieldType = compactType(type, attribute);
      fields[attribute.baseName] = fieldType;
      const named = fieldType.replace(/^(\[\]|\{\})+/, '');
      if (Object.hasOwn(models, named)) queue.push(named);
    }
    types[type] = fields;
  }
  return {kubernetes: release(), kinds: Object.fromEntries(sorted(kinds)), types: Object.fromEntries(sorted(types))};
}

/** `Array<{ [key: string]: V1Counter; }>` → `[]{}V1Counter`. */
function compactType(owner: string, {baseName, type, format}: Attribute): string {
  const array = /^Array<(.*)>$/.exec(type)?.[1];
  if (array !== undefined) return `[]${compactType(owner, {baseName, type: array, format})}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  const qualified = `${withoutVersion(owner)}.${baseName}`;
  if (map === 'string' && (QUANTITY_MAPS.has(baseName) || QUANTITY_FIELDS.has(qualified))) return '{}quantity';
  if (map !== undefined) return `{}${compactType(owner, {baseName, type: map, format})}`;
  switch (type) {
    case 'string':
      return QUANTITY_FIELDS.has(qualified) ? 'quantity' : 'string';
    case 'number':
      return format === 'int32' || format === 'int64' ? format : 'number';
    case 'Date':
    case 'V1MicroTime':
      return 'time';
    case 'IntOrString':
      return 'intOrString';
    default:
      return type;
  }
}

/** The kinds that can be created at the path of their collection, from the request factories of the current APIs. */
function servedKinds(): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const [, api] of read('index.js').matchAll(/Object\w+ as (\w+)/g)) {
    const source = read(`apis/${api}.js`);
    for (const [, path = '', body = ''] of source.matchAll(
      /localVarPath = '([^']+)'(?:(?!localVarPath =)[\s\S])*?HttpMethod\.POST(?:(?!localVarPath =)[\s\S])*?serialize\(body, "(\w+)"/g,
    )) {
      const [, apiVersion] = /^\/apis?\/((?:[^/]+\/)?v[^/]+)(?:\/namespaces\/\{namespace\})?\/[a-z]+$/.exec(path) ?? [];
      if (apiVersion !== undefined) kinds.set(`${apiVersion}/${withoutVersion(body)}`, body);
    }
  }
  return kinds;
}

/** `V1Deployment` → `Deployment`, `CoreV1Event` → `Event`. */
function withoutVersion(type: string): string {
  return type.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/, '');
}

function release(): string {
  const [, version] = /OpenAPI spec version: release-(\S+)/.exec(read('models/V1Pod.js')) ?? [];
  if (version === undefined) throw new Error('the models do not name their Kubernetes release');
  return version;
}

function read(path: string): string {
  return readFileSync(new URL(path, GENERATED), 'utf8');
}

function sorted<T>(entries: Map<string, T> | Record<string, T>): [string, T][] {
  const list = entries instanceof Map ? [...entries] : Object.entries(entries);
  return list.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One line a type, so that an update of Kubernetes reads well as a difference. */
export function formatFields({kubernetes, kinds, types}: KubernetesFields): string {
  const lines = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  return `{\n  "kubernetes": ${JSON.stringify(kubernetes)},\n  "kinds": {\n${lines(kinds)}\n  },\n  "types": {\n${lines(types)}\n  }\n}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TARGET, formatFields(await kubernetesFields()));
}
