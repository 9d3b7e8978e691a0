import awsUsEast1 from './data/aws-us-east-1.json' with {type: 'json'};
import azureEastus from './data/azure-eastus.json' with {type: 'json'};
import gcpUsCentral1 from './data/gcp-us-central1.json' with {type: 'json'};
import tencentApGuangzhou from './data/tencent-ap-guangzhou.json' with {type: 'json'};
import {familyOf} from './family.ts';
import type {Catalog, InstanceType} from './instanceType.ts';

export const DEFAULT_CATALOG = 'aws/us-east-1';

interface CatalogFile {
  readonly provider: string;
  readonly region: string;
  readonly currency: string;
  readonly source: string;
  readonly asOf: string;
  readonly remarks?: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const FILES: ReadonlyMap<string, CatalogFile> = new Map<string, CatalogFile>([
  [DEFAULT_CATALOG, awsUsEast1],
  ['azure/eastus', azureEastus],
  ['gcp/us-central1', gcpUsCentral1],
  ['tencent/ap-guangzhou', tencentApGuangzhou],
]);

/** The bundled catalogues, `PROVIDER/REGION`. */
export const CATALOG_NAMES: readonly string[] = [...FILES.keys()];

const opened = new Map<string, Catalog>();

/** A bundled catalogue, or undefined. */
export function findCatalog(name: string): Catalog | undefined {
  const file = FILES.get(name);
  if (file === undefined) return undefined;
  let catalog = opened.get(name);
  if (catalog === undefined) {
    const {provider, region, currency, source, asOf, remarks = []} = file;
    const types = file.rows.map((row) => toInstanceType(file, row));
    const instanceTypes = new Map(types.map((type) => [type.name, type]));
    catalog = {name, provider, region, currency, source, asOf, allocatableRule: null, remarks, instanceTypes};
    opened.set(name, catalog);
  }
  return catalog;
}

/** A row's own figures; columns that its file does not have are as of the whole catalogue. */
function toInstanceType({columns, source, asOf}: CatalogFile, row: CatalogFile['rows'][number]): InstanceType {
  const stated = Object.fromEntries(
    columns.map((column, index) => [column, row[index]] as const).filter(([, value]) => value !== undefined),
  ) as unknown as Pick<InstanceType, 'name' | 'arch' | 'vcpu' | 'memoryMiB' | 'maxPods' | 'pricePerHour'> &
    Partial<InstanceType>;
  return {
    family: familyOf(stated.name),
    gpus: 0,
    localNvmeGiB: 0,
    priceTiers: null,
    allocatable: null,
    source,
    asOf,
    ...stated,
  };
}
