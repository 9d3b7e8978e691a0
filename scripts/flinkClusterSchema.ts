/**
 * Writes flink/flinkCluster/spotifySchema.json: the structural schema of spotify's FlinkCluster, without descriptions
 * and with equal parts written once, and beside each field how Go prints it. Arguments: a checkout of the operator, and
 * the folders of k8s.io/api and k8s.io/apimachinery that it was built with.
 */
import {globSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {load} from 'js-yaml';
import type {FieldEncoding, SchemaNode} from '../flink/schema/schemaTable.ts';

const TARGET = new URL('../flink/flinkCluster/spotifySchema.json', import.meta.url);

type CrdSchema = Readonly<Record<string, unknown>> & {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly additionalProperties?: CrdSchema;
  readonly items?: CrdSchema;
};

interface GoField {
  readonly name: string;
  readonly type: GoType;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
}

type GoType =
  | {readonly kind: 'pointer' | 'slice' | 'map'; readonly element: GoType}
  | {readonly kind: 'named'; readonly package: string; readonly name: string};

/** Structs and other named types of Go sources, by `package.Name`. */
class GoSources {
  readonly #structs = new Map<string, string>();
  readonly #aliases = new Map<string, GoType>();

  read(folder: string, name: string): void {
    for (const file of globSync(join(folder, '*.go'))) {
      if (file.endsWith('_test.go')) continue;
      const text = readFileSync(file, 'utf8');
      for (const [, type = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
        this.#structs.set(`${name}.${type}`, body);
      }
      for (const [, type = '', target = ''] of text.matchAll(/^type (\w+) ([\w.[\]*]+)$/gm)) {
        this.#aliases.set(`${name}.${type}`, parseGoType(target, name));
      }
    }
  }

  fields(type: GoType): readonly GoField[] | undefined {
    if (type.kind !== 'named') return undefined;
    const body = this.#structs.get(`${type.package}.${type.name}`);
    if (body === undefined) return undefined;
    return body.split('\n').flatMap((line) => this.#field(line.trim(), type.package));
  }

  /** What a named type stands for. */
  resolve(type: GoType): GoType {
    if (type.kind !== 'named') return type;
    const target = this.#aliases.get(`${type.package}.${type.name}`);
    return target === undefined ? type : this.resolve(target);
  }

  #field(line: string, source: string): GoField[] {
    const match = /^(?:(\w+)\s+)?([\w.[\]*]+)\s+`json:"([^"]*)"/.exec(line);
    if (match === null) return [];
    const [, , type = '', tag = ''] = match;
    const [name = '', ...options] = tag.split(',');
    const goType = parseGoType(type, source);
    if (options.includes('inline')) return [...(this.fields(goType) ?? [])];
    return [{name, type: goType, omitEmpty: options.includes('omitempty'), omitZero: options.includes('omitzero')}];
  }
}

function parseGoType(text: string, source: string): GoType {
  if (text.startsWith('*')) return {kind: 'pointer', element: parseGoType(text.slice(1), source)};
  if (text.startsWith('[]')) return {kind: 'slice', element: parseGoType(text.slice(2), source)};
  const map = /^map\[[\w.]+\](.*)$/.exec(text);
  if (map?.[1] !== undefined) return {kind: 'map', element: parseGoType(map[1], source)};
  const [first = '', second] = text.split('.');
  return second === undefined
    ? {kind: 'named', package: source, name: first}
    : {kind: 'named', package: first, name: second};
}

/** Collects nodes; equal ones are kept once. */
class Table {
  readonly nodes: SchemaNode[] = [];
  readonly #indices = new Map<string, number>();
  readonly #go: GoSources;

  constructor(go: GoSources) {
    this.#go = go;
  }

  add(schema: CrdSchema, type: GoType | undefined): number {
    const node = this.#node(schema, type === undefined ? undefined : this.#go.resolve(type));
    const key = JSON.stringify(node);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.nodes.push(node);
    this.#indices.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }

  #node(schema: CrdSchema, type: GoType | undefined): SchemaNode {
    const plain = type?.kind === 'pointer' ? this.#go.resolve(type.element) : type;
    const fields = plain === undefined ? undefined : this.#go.fields(plain);
    const {properties, additionalProperties, items} = schema;
    const element = plain?.kind === 'slice' || plain?.kind === 'map' ? plain.element : undefined;
    const order = new Map((fields ?? []).map(({name}, index) => [name, index]));
    const rank = (name: string): number => order.get(name) ?? order.size;
    const names = Object.keys(properties ?? {}).sort((a, b) => rank(a) - rank(b));
    const encoding = Object.fromEntries(
      (fields ?? []).flatMap((field) => {
        const how = properties?.[field.name] === undefined ? undefined : this.#encoding(field);
        return how === undefined ? [] : [[field.name, how]];
      }),
    );
    const facts = {
      type: schema.type,
      intOrString: schema['x-kubernetes-int-or-string'],
      format: schema.format,
      pattern: schema.pattern,
      enum: schema.enum,
      minimum: schema.minimum,
      maximum: schema.maximum,
      minLength: schema.minLength,
      maxLength: schema.maxLength,
      minItems: schema.minItems,
      maxItems: schema.maxItems,
      nullable: schema.nullable,
      default: schema.default,
      required: schema.required,
      preserveUnknownFields: schema['x-kubernetes-preserve-unknown-fields'],
      embeddedResource: schema['x-kubernetes-embedded-resource'],
      listType: schema['x-kubernetes-list-type'],
      listMapKeys: schema['x-kubernetes-list-map-keys'],
      properties:
        properties === undefined
          ? undefined
          : Object.fromEntries(
              names.map((name) => [
                name,
                this.add(properties[name] as CrdSchema, fields?.find((field) => field.name === name)?.type),
              ]),
            ),
      additionalProperties: additionalProperties === undefined ? undefined : this.add(additionalProperties, element),
      items: items === undefined ? undefined : this.add(items, element),
      encoding: Object.keys(encoding).length === 0 ? undefined : encoding,
    };
    return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as SchemaNode;
  }

  #encoding({type, omitEmpty, omitZero}: GoField): FieldEncoding | undefined {
    const resolved = this.#go.resolve(type);
    if (resolved.kind === 'pointer') return omitEmpty ? undefined : 'nullable';
    const isStruct =
      resolved.kind === 'named' && (this.#go.fields(resolved) !== undefined || resolved.package === 'resource');
    if (isStruct) return omitZero ? 'omitZero' : 'value';
    return omitEmpty ? 'omitEmpty' : 'value';
  }
}

const [operator, api, apimachinery] = process.argv.slice(2);
if (operator === undefined || api === undefined || apimachinery === undefined) {
  throw new Error(`usage: ${basename(fileURLToPath(import.meta.url))} OPERATOR API APIMACHINERY`);
}
const go = new GoSources();
go.read(join(operator, 'apis/flinkcluster/v1beta1'), 'v1beta1');
go.read(join(api, 'core/v1'), 'corev1');
go.read(join(api, 'policy/v1'), 'policyv1');
go.read(join(api, 'autoscaling/v2'), 'autoscalingv2');
// Inside their own module the same packages go by other names.
go.read(join(api, 'core/v1'), 'v1');
go.read(join(apimachinery, 'pkg/apis/meta/v1'), 'metav1');

const crd = load(readFileSync(join(operator, 'config/crd/bases/flinkoperator.k8s.io_flinkclusters.yaml'), 'utf8')) as {
  readonly spec: {readonly versions: readonly [{readonly schema: {readonly openAPIV3Schema: CrdSchema}}]};
};
const table = new Table(go);
table.add(crd.spec.versions[0].schema.openAPIV3Schema, {kind: 'named', package: 'v1beta1', name: 'FlinkCluster'});
const lines = table.nodes.map((node) => `    ${JSON.stringify(node)}`).join(',\n');
writeFileSync(
  TARGET,
  `{\n  "source": "${basename(dirname(operator))}/${basename(operator)}",\n  "nodes": [\n${lines}\n  ]\n}\n`,
);
