import {z} from 'zod';
import {LINT_RULES} from '../../catalog/lint.ts';
import {RULE_NAMES} from '../../catalog/rules/allocatableRule.ts';
import {API_VERSION} from '../../results/simulationResult.ts';

/** What the `catalog` commands print with -o json. Amounts as in results: cpu in cores, memory in bytes. */
const apiVersion = z.literal(API_VERSION);
const bytes = z.number().nonnegative().meta({description: 'bytes'});
const unknownBytes = bytes.nullable().meta({description: 'bytes; null: the provider does not publish it'});
const cores = z.number().nonnegative().meta({description: 'cores'});
const asOf = z.string().meta({description: 'the day of the figures, YYYY-MM-DD, or what is known of it'});

const catalog = z.strictObject({
  name: z.string(),
  provider: z.string(),
  region: z.string(),
  currency: z.string(),
  source: z.string(),
  asOf,
  remarks: z.array(z.string()).meta({description: 'what is to be doubted of the figures as a whole'}),
});

const priceTier = z.strictObject({fromHour: z.number(), pricePerHour: z.number()});

const instanceType = z.strictObject({
  name: z.string(),
  family: z.string(),
  arch: z.enum(['amd64', 'arm64']),
  vcpu: z.number(),
  memory: bytes.meta({description: 'as advertised, in bytes'}),
  maxPods: z.int().nullable(),
  gpus: z.int(),
  localNvmeGiB: z.number(),
  pricePerHour: z
    .number()
    .nullable()
    .meta({description: 'on demand; with time tiers the average of a month of 730 hours; null: not known'}),
  priceTiers: z.array(priceTier).nullable(),
  source: z.string(),
  asOf,
});

export const instanceTypeListSchema = z
  .strictObject({apiVersion, kind: z.literal('InstanceTypeList'), catalog, items: z.array(instanceType)})
  .meta({id: 'InstanceTypeList', title: 'Instance types with prices, source and date'});

const amounts = {cpu: cores, memory: bytes};

export const allocatableSchema = z
  .strictObject({
    apiVersion,
    kind: z.literal('Allocatable'),
    instanceType: z.string(),
    catalog: z.string(),
    kubernetesVersion: z.string(),
    nominal: z.strictObject(amounts),
    capacity: z.strictObject({...amounts, pods: z.int()}),
    reservations: z.array(
      z.strictObject({
        name: z.enum(['kube-reserved', 'system-reserved', 'eviction-hard']),
        cpu: cores,
        memory: unknownBytes,
        formula: z.string(),
      }),
    ),
    allocatable: z.strictObject({cpu: cores, memory: unknownBytes, pods: z.int()}),
    stated: z.boolean().meta({description: 'whether something of it is stated of the type and not by the rule'}),
    rule: z.strictObject({name: z.enum(RULE_NAMES), title: z.string(), source: z.string()}),
    source: z.string(),
    asOf,
  })
  .meta({id: 'Allocatable', title: 'From an advertised machine to what pods can use of it'});

export const catalogFindingsSchema = z
  .strictObject({
    apiVersion,
    kind: z.literal('CatalogFindings'),
    catalog,
    findings: z.array(
      z.strictObject({
        rule: z.enum(LINT_RULES),
        instanceType: z.string().nullable().meta({description: 'null: of the catalogue as a whole'}),
        message: z.string(),
      }),
    ),
  })
  .meta({id: 'CatalogFindings', title: 'Figures of a catalogue to doubt'});
