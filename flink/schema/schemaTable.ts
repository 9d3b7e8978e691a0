/** How Go's JSON encoder writes a field; the default is to write it if it is there. */
export type FieldEncoding =
  /** Always, with the zero value where it is absent. */
  | 'value'
  /** Always, as null where it is absent. */
  | 'nullable'
  /** Unless it is empty text, zero, false, an empty list or an empty map. */
  | 'omitEmpty'
  /** Unless nothing in it is set. */
  | 'omitZero';

/** One node of a structural schema (apiextensions.k8s.io/v1); numbers under it are places in the table. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** An integer or a text, each checked by the other keywords. */
  readonly intOrString?: boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly preserveUnknownFields?: boolean;
  readonly embeddedResource?: boolean;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly properties?: Readonly<Record<string, number>>;
  readonly additionalProperties?: number;
  readonly items?: number;
  /** Known only where the schema was taken from Go types. */
  readonly encoding?: Readonly<Record<string, FieldEncoding>>;
}

/** A schema whose equal parts are written once; the last node is the whole. */
export interface SchemaTable {
  readonly nodes: readonly SchemaNode[];
}

/** A node together with the table it is in. */
export class Schema {
  readonly node: SchemaNode;
  readonly #table: SchemaTable;

  constructor(table: SchemaTable, index = table.nodes.length - 1) {
    const node = table.nodes[index];
    if (node === undefined) throw new RangeError(`the schema has no node ${index}`);
    this.node = node;
    this.#table = table;
  }

  /** The schema of a field: of its own, or the one for all fields that are not listed. */
  field(name: string): Schema | undefined {
    const {properties, additionalProperties} = this.node;
    const index = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return this.#at(index);
  }

  /** The listed fields, in order. */
  *fields(): Generator<readonly [name: string, schema: Schema]> {
    for (const [name, index] of Object.entries(this.node.properties ?? {})) {
      yield [name, new Schema(this.#table, index)];
    }
  }

  has(name: string): boolean {
    return this.node.properties !== undefined && Object.hasOwn(this.node.properties, name);
  }

  get items(): Schema | undefined {
    return this.#at(this.node.items);
  }

  #at(index: number | undefined): Schema | undefined {
    return index === undefined ? undefined : new Schema(this.#table, index);
  }
}
