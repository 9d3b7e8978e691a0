/**
 * Makes catalog/data/{azure-eastus,gcp-us-central1,tencent-ap-guangzhou}.json from a table of instance types:
 * `node scripts/cloudCatalog.ts FILE.csv`. The table's columns are provider, region, type, family, category, arch, vcpu,
 * memory_gib, price_usd_hour, max_pods, source and as_of; an empty price or number of pods is not known.
 */
import {readFileSync, writeFileSync} from 'node:fs';

interface Catalogue {
  readonly provider: string;
  readonly region: string;
  readonly currency: string;
  /** Words of the table's source that need to be put another way. */
  readonly source?: (text: string) => string;
  readonly remarks: readonly string[];
}

const CATALOGUES: readonly Catalogue[] = [
  {
    provider: 'azure',
    region: 'eastus',
    currency: 'USD',
    remarks: [
      'the source of the prices has Windows prices for some AMD sizes; only sizes whose price is linear within the family are listed',
    ],
  },
  {
    provider: 'gcp',
    region: 'us-central1',
    currency: 'USD',
    remarks: ['pods are the default of GKE, 110; a cluster may allow up to 256'],
  },
  {
    provider: 'tencent',
    region: 'ap-guangzhou',
    currency: 'CNY',
    source: (text) => text.replace(/^no price found; (?:spec: )?/, '').replace(/, find_string id \d+/, ''),
    remarks: [
      'no price was found: state your own in a NodeCatalog',
      'memory is printed in GB and taken as GiB: compare it with kubectl get nodes',
      'pay-as-you-go prices fall with the hours on some types (to 50 % in the second tier, 34 % in the third): state them as priceTiers',
    ],
  },
];

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: node scripts/cloudCatalog.ts FILE.csv');
const [head = [], ...lines] = readFileSync(path, 'utf8')
  .trim()
  .split(/\r?\n/)
  .map((line) => [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''));
const table = lines.map((cells) => Object.fromEntries(head.map((column, index) => [column, cells[index] ?? ''])));

for (const {provider, region, currency, source = unchanged, remarks} of CATALOGUES) {
  const rows = table.filter((row) => row.provider === provider);
  const common = mostFrequent(rows.map((row) => source(row.source!)));
  const commonDay = mostFrequent(rows.map((row) => row.as_of!));
  const header = {
    provider,
    region,
    currency,
    source: common,
    asOf: commonDay,
    remarks,
    columns: ['name', 'family', 'arch', 'vcpu', 'memoryMiB', 'maxPods', 'pricePerHour', 'source', 'asOf'],
  };
  const number = (text: string | undefined): number | null => (text === undefined || text === '' ? null : Number(text));
  const data = rows.map((row) => {
    const cells = [
      row.type,
      row.family,
      row.arch,
      Number(row.vcpu),
      Math.round(Number(row.memory_gib) * 1024),
      number(row.max_pods),
      number(row.price_usd_hour),
    ];
    const own = source(row.source!);
    return own === common && row.as_of === commonDay ? cells : [...cells, own, row.as_of];
  });
  const text = `${JSON.stringify(header).slice(0, -1)},\n"rows":[\n${data.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`;
  writeFileSync(new URL(`../catalog/data/${provider}-${region}.json`, import.meta.url), text);
}

function mostFrequent(texts: readonly string[]): string {
  const groups = [...Map.groupBy(texts, (text) => text).values()];
  return groups.sort((a, b) => b.length - a.length)[0]![0]!;
}

function unchanged(text: string): string {
  return text;
}
