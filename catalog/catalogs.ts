import awsUsEast1 from './data/aws-us-east-1.json' with {type: 'json'};
import type {Catalog, InstanceType} from './instanceType.ts';

export const DEFAULT_CATALOG = 'aws/us-east-1';

interface CatalogFile {
  readonly provider: string;
  readonly region: string;
  readonly currency: string;
  readonly source: string;
  readonly asOf: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const FILES: ReadonlyMap<string, CatalogFile> = new Map([[DEFAULT_CATALOG, awsUsEast1]]);

/** The bundled catalogues, `PROVIDER/REGION`. */
export const CATALOG_NAMES: readonly string[] = [...FILES.keys()];

const opened = new Map<string, Catalog>();

/** A bundled catalogue, or undefined. */
export function findCatalog(name: string): Catalog | undefined {
  const file = FILES.get(name);
  if (file === undefined) return undefined;
  let catalog = opened.get(name);
  if (catalog === undefined) {
    const {provider, region, currency, source, asOf} = file;
    const types = file.rows.map((row) => toInstanceType(file.columns, row));
    const instanceTypes = new Map(types.map((type) => [type.name, type]));
    catalog = {name, provider, region, currency, source, asOf, instanceTypes};
    opened.set(name, catalog);
  }
  return catalog;
}

function toInstanceType(columns: readonly string[], row: CatalogFile['rows'][number]): InstanceType {
  return Object.fromEntries(columns.map((column, index) => [column, row[index]])) as unknown as InstanceType;
}
