import type {z} from 'zod';
import {type Allocatable, allocatable, ruleOf} from '../../catalog/allocatable.ts';
import type {Catalog, InstanceType} from '../../catalog/instanceType.ts';
import {lintCatalog} from '../../catalog/lint.ts';
import {RULE_NAMES, type RuleName} from '../../catalog/rules/allocatableRule.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import {API_VERSION} from '../../results/simulationResult.ts';
import {loadCatalog} from '../../sources/node/loadCatalog.ts';
import {suggestion} from '../../sources/schemaErrors.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import type {allocatableSchema, instanceTypeListSchema} from '../output/catalogSchema.ts';
import {allocatableText, catalogCsv, catalogText, findingsText} from '../output/catalogText.ts';
import {diagnosticsJson, diagnosticsText} from '../output/diagnosticsText.ts';
import {styleOf} from '../output/style.ts';

const MIB = 2 ** 20;

export interface CatalogFlags {
  readonly catalog: string;
  readonly output: string;
}

export interface AllocatableFlags extends CatalogFlags {
  readonly kubernetesVersion: string;
  readonly rule?: string;
  readonly maxPods?: number;
  readonly memoryOverheadPercent?: string;
}

/** Instance types by patterns, in the catalogue's order. */
export function listCommand(patterns: readonly string[], flags: CatalogFlags, io: Io): ExitCode {
  expectFormat(flags.output, ['table', 'json', 'csv']);
  const catalog = openCatalog(flags, io);
  const types = matching(patterns, catalog);
  switch (flags.output) {
    case 'json':
      io.stdout.write(json({kind: 'InstanceTypeList', catalog: described(catalog), items: types.map(typeFacts)}));
      break;
    case 'csv':
      io.stdout.write(catalogCsv(types, catalog));
      break;
    default:
      io.stdout.write(catalogText(types, catalog, styleOf(io.stdout)));
  }
  return ExitCode.Ok;
}

/** One machine from advertised to allocatable. */
export function allocatableCommand(name: string, flags: AllocatableFlags, io: Io): ExitCode {
  expectFormat(flags.output, ['table', 'json']);
  const {kubernetesVersion, maxPods} = flags;
  if (!/^1\.\d{1,3}$/.test(kubernetesVersion)) {
    throw new UsageError(`--kubernetes-version ${kubernetesVersion}: expected a minor version such as 1.36`);
  }
  const memoryOverheadPercent = readPercent(flags.memoryOverheadPercent);
  const stated = readRule(flags.rule);
  const catalog = openCatalog(flags, io);
  const type = catalog.instanceTypes.get(name);
  if (type === undefined) throw unknownType(name, catalog);
  const offer = allocatable(type, {
    rule: stated ?? ruleOf(catalog, kubernetesVersion),
    ...(maxPods === undefined ? {} : {maxPods}),
    ...(memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent}),
  });
  if (flags.output === 'json') io.stdout.write(json(allocatableFacts(type, offer, catalog, kubernetesVersion)));
  else {
    const way = {type, offer, catalog, kubernetesVersion, memoryOverheadPercent};
    io.stdout.write(allocatableText(way, styleOf(io.stdout)));
  }
  const unpublished = new Diagnostics();
  if (offer.memoryMiB === null) {
    unpublished.warn('STW-1016', `${offer.rule.title} does not say how much memory it keeps`, {
      hint: 'state allocatable of the type in a NodeCatalog, or choose an older rule with --rule',
      object: `InstanceType/${name}`,
    });
  }
  printWarnings(unpublished, flags, io);
  return ExitCode.Ok;
}

/** What to doubt of a catalogue; findings are its answer and no failure. */
export function lintCommand(flags: CatalogFlags, io: Io): ExitCode {
  expectFormat(flags.output, ['table', 'json']);
  const catalog = openCatalog(flags, io);
  const findings = lintCatalog(catalog);
  if (flags.output === 'json') io.stdout.write(json({kind: 'CatalogFindings', catalog: described(catalog), findings}));
  else io.stdout.write(findingsText(findings, catalog, styleOf(io.stdout)));
  return ExitCode.Ok;
}

function openCatalog(flags: CatalogFlags, io: Io): Catalog {
  const diagnostics = new Diagnostics();
  const catalog = loadCatalog(flags.catalog, undefined, diagnostics);
  diagnostics.throwIfErrors();
  printWarnings(diagnostics, flags, io);
  if (catalog === undefined) throw new Error(`catalogue ${flags.catalog} has neither content nor an error`);
  return catalog;
}

function printWarnings({warnings}: Diagnostics, {output}: CatalogFlags, io: Io): void {
  io.stderr.write(output === 'json' ? diagnosticsJson(warnings) : diagnosticsText(warnings, styleOf(io.stderr)));
}

function matching(patterns: readonly string[], catalog: Catalog): readonly InstanceType[] {
  const types = [...catalog.instanceTypes.values()];
  if (patterns.length === 0) return types;
  const expressions = patterns.map((pattern) => ({pattern, expression: toExpression(pattern)}));
  for (const {pattern, expression} of expressions) {
    if (!types.some(({name}) => expression.test(name))) throw unknownType(pattern, catalog);
  }
  return types.filter(({name}) => expressions.some(({expression}) => expression.test(name)));
}

/** A name with `*` for any part. */
function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function unknownType(name: string, catalog: Catalog): UsageError {
  const near = suggestion(name, [...catalog.instanceTypes.keys()]);
  const hint = near?.startsWith('did you mean') === true ? near : 'stowage catalog list shows the types it has';
  return new UsageError(`catalogue ${catalog.name} has no instance type "${name}"; ${hint}`);
}

function readPercent(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || percent > 100) {
    throw new UsageError(`--memory-overhead-percent ${text}: expected a number from 0 to 100`);
  }
  return percent;
}

function readRule(text: string | undefined): RuleName | undefined {
  const rule = RULE_NAMES.find((name) => name === text);
  if (text !== undefined && rule === undefined) {
    throw new UsageError(`--rule ${text}: expected one of ${RULE_NAMES.join(', ')}`);
  }
  return rule;
}

function expectFormat(output: string, formats: readonly string[]): void {
  if (!formats.includes(output)) throw new UsageError(`-o ${output}: expected ${formats.join(', ')}`);
}

function json(document: object): string {
  return `${JSON.stringify({apiVersion: API_VERSION, ...document}, null, 2)}\n`;
}

function described({name, provider, region, currency, source, asOf, remarks}: Catalog): object {
  return {name, provider, region, currency, source, asOf, remarks};
}

/** As results state amounts: cpu in cores, memory in bytes; what is not known is null. */
function typeFacts(type: InstanceType): z.infer<typeof instanceTypeListSchema>['items'][number] {
  const {name, family, arch, vcpu, maxPods, gpus, localNvmeGiB, pricePerHour, source, asOf} = type;
  const memory = type.memoryMiB * MIB;
  const priceTiers = type.priceTiers === null ? null : [...type.priceTiers];
  return {name, family, arch, vcpu, memory, maxPods, gpus, localNvmeGiB, pricePerHour, priceTiers, source, asOf};
}

function allocatableFacts(
  type: InstanceType,
  {cpu, memoryMiB, pods, capacityMiB, reservations, rule}: Allocatable,
  catalog: Catalog,
  kubernetesVersion: string,
): Omit<z.infer<typeof allocatableSchema>, 'apiVersion'> {
  return {
    kind: 'Allocatable',
    instanceType: type.name,
    catalog: catalog.name,
    kubernetesVersion,
    nominal: {cpu: type.vcpu, memory: type.memoryMiB * MIB},
    capacity: {cpu: type.vcpu, memory: capacityMiB * MIB, pods},
    reservations: reservations.map(({name, cpu: kept, memoryMiB: keptMiB, formula}) => ({
      name,
      cpu: kept / 1000,
      memory: keptMiB === null ? null : Math.ceil(keptMiB * MIB),
      formula,
    })),
    allocatable: {cpu: cpu / 1000, memory: memoryMiB === null ? null : memoryMiB * MIB, pods},
    stated: type.allocatable !== null,
    rule: {name: rule.name, title: rule.title, source: rule.source},
    source: type.source,
    asOf: type.asOf,
  };
}
