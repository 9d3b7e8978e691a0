import type {Allocatable} from '../../catalog/allocatable.ts';
import type {Catalog, InstanceType} from '../../catalog/instanceType.ts';
import type {Finding} from '../../catalog/lint.ts';
import {CPU, MEMORY} from '../../model/resources.ts';
import {formatPlural} from '../../results/format.ts';
import type {Style} from './style.ts';
import {type TextColumn, textTable} from './textTable.ts';

/** Findings of one rule beyond these are counted; -o json has all of them. */
const SHOWN_PER_RULE = 5;

/** A line per type; where the figures come from is said once beneath, and by number in each line. */
export function catalogText(types: readonly InstanceType[], catalog: Catalog, style: Style): string {
  const sources = [...new Set(types.map(provenance))];
  const rows = types.map((type) => [
    type.name,
    type.family,
    type.arch,
    String(type.vcpu),
    gibibytes(type.memoryMiB),
    orDash(type.maxPods),
    String(type.gpus),
    priceText(type),
    String(sources.indexOf(provenance(type)) + 1),
  ]);
  const columns: readonly TextColumn[] = [
    left('NAME'),
    left('FAMILY'),
    left('ARCH'),
    right('VCPU'),
    right('MEMORY'),
    right('PODS'),
    right('GPUS'),
    right(`${catalog.currency}/HOUR`),
    right('SOURCE'),
  ];
  const notes = sources.map((text, index) => `${index + 1}  ${text}`);
  const tiered = types.some(({priceTiers}) => priceTiers !== null);
  if (tiered) notes.push('*  by time tiers: the average of a month of 730 hours');
  notes.push(...catalog.remarks.map((remark) => `-  ${remark}`));
  const head = `${catalog.name}: ${formatPlural(types.length, 'instance type')}, prices on demand in ${catalog.currency}\n`;
  return `${head}${textTable(columns, rows)}\n${notes.map((note) => style.dim(note)).join('\n')}\n`;
}

/** The same as rows for a spreadsheet; empty cells are not known. */
export function catalogCsv(types: readonly InstanceType[], {currency}: Catalog): string {
  const head = ['name', 'family', 'arch', 'vcpu', 'memory_mib', 'max_pods', 'gpus', 'price_per_hour', 'currency'];
  const rows = types.map(({name, family, arch, vcpu, memoryMiB, maxPods, gpus, pricePerHour, source, asOf}) =>
    [name, family, arch, vcpu, memoryMiB, maxPods, gpus, pricePerHour, currency, source, asOf].map((cell) =>
      csvCell(cell === null ? '' : String(cell)),
    ),
  );
  return [[...head, 'source', 'as_of'], ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}

export interface AllocatableWay {
  readonly type: InstanceType;
  readonly offer: Allocatable;
  readonly catalog: Catalog;
  readonly kubernetesVersion: string;
  readonly memoryOverheadPercent: number | undefined;
}

/** From nominal to allocatable, a line per step, each with its formula. */
export function allocatableText(
  {type, offer, catalog, kubernetesVersion, memoryOverheadPercent}: AllocatableWay,
  style: Style,
): string {
  const {rule, reservations, capacityMiB, pods} = offer;
  const kept = capacityMiB - type.memoryMiB;
  const overhead = memoryOverheadPercent === undefined ? rule.capacityFormula : `${memoryOverheadPercent} %, as stated`;
  const cores = `${type.vcpu * 1000}m`;
  const rows = [
    ['nominal', cores, mebibytes(type.memoryMiB), '', 'as advertised'],
    ['hypervisor, kernel', '', mebibytes(kept), '', overhead],
    ['capacity', cores, mebibytes(capacityMiB), String(pods), ''],
    ...reservations.map(({name, cpu, memoryMiB, formula}) => [
      name,
      cpu === 0 ? '' : `-${cpu}m`,
      memoryMiB === null ? 'unknown' : mebibytes(-memoryMiB),
      '',
      formula,
    ]),
    [
      'allocatable',
      `${offer.cpu}m`,
      offer.memoryMiB === null ? 'unknown' : mebibytes(offer.memoryMiB),
      String(pods),
      statedText(type),
    ],
  ];
  const columns = [left('STEP'), right('CPU'), right('MEMORY'), right('PODS'), left('BY')];
  const table = textTable(columns, rows);
  const notes = [
    `rule     ${rule.title}: ${rule.source}`,
    `machine  ${provenance(type)}`,
    ...(type.maxPods === null && offer.pods === rule.defaultMaxPods
      ? [`pods     the default of the rule; the catalogue does not state a limit`]
      : []),
  ];
  const head = `${type.name} of ${catalog.name} under Kubernetes ${kubernetesVersion}\n`;
  return `${head}${table}\n${notes.map((note) => style.dim(note)).join('\n')}\n`;
}

/** Findings by rule, the first few of each. */
export function findingsText(findings: readonly Finding[], catalog: Catalog, style: Style): string {
  const {name, instanceTypes, source, asOf} = catalog;
  const head = `${name}: ${formatPlural(findings.length, 'finding')} in ${formatPlural(instanceTypes.size, 'instance type')}\n`;
  const lines = [...Map.groupBy(findings, ({rule}) => rule)].flatMap(([rule, group]) => {
    const more = group.length - SHOWN_PER_RULE;
    return [
      style.bold(`${rule} (${group.length})`),
      ...group
        .slice(0, SHOWN_PER_RULE)
        .map(({instanceType, message}) => `  ${instanceType === null ? '' : `${instanceType} `}${message}`),
      ...(more > 0 ? [style.dim(`  and ${more} more; all of them with -o json`)] : []),
    ];
  });
  return `${head}${lines.map((line) => `${line}\n`).join('')}${style.dim(`source: ${source} (${asOf})`)}\n`;
}

function statedText({allocatable}: InstanceType): string {
  const stated = [CPU, MEMORY].filter((name) => allocatable?.[name] !== undefined);
  return stated.length === 0 ? '' : `${stated.join(' and ')} as stated of the type`;
}

function provenance({source, asOf}: InstanceType): string {
  return `${source} (${asOf})`;
}

function priceText({pricePerHour, priceTiers}: InstanceType): string {
  if (pricePerHour === null) return '-';
  return `${Number(pricePerHour.toFixed(5))}${priceTiers === null ? '' : '*'}`;
}

function gibibytes(memoryMiB: number): string {
  return `${Number((memoryMiB / 1024).toFixed(2))}Gi`;
}

/** With two decimals at most; a minus stands before what is kept. */
function mebibytes(memoryMiB: number): string {
  return `${Number(memoryMiB.toFixed(2))}Mi`;
}

function orDash(count: number | null): string {
  return count === null ? '-' : String(count);
}

function left(title: string): TextColumn {
  return {title, align: 'left'};
}

function right(title: string): TextColumn {
  return {title, align: 'right'};
}

/** Quoted where needed (RFC 4180); a leading =, + or @ would be a formula to a spreadsheet. */
function csvCell(text: string): string {
  const safe = /^[=+@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
