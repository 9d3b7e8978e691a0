import {z} from 'zod';
import {RULE_NAMES} from '../catalog/rules/allocatableRule.ts';
import {quantity, resourceList, SCENARIO_API_VERSION} from './scenarioSchema.ts';

const text = z.string().min(1);
const price = z.number().nonnegative();

const priceTier = z.strictObject({
  fromHour: z.number().nonnegative().meta({description: 'of the life of a machine; that of the first tier is 0'}),
  pricePerHour: price,
});

const instanceType = z
  .strictObject({
    name: text.meta({description: 'of a type of the catalogue that is extended, to change it, or a new one'}),
    family: text.optional().meta({description: 'types that differ in size alone; made out of the name when left out'}),
    arch: z.enum(['amd64', 'arm64']).optional().meta({description: 'amd64 when left out of a new type'}),
    vcpu: z.number().positive().max(10_000).optional(),
    memory: quantity.optional().meta({description: 'as advertised, such as 64Gi'}),
    maxPods: z.int().min(0).max(10_000).optional(),
    gpus: z.int().min(0).max(1000).optional(),
    pricePerHour: price.nullable().optional().meta({description: 'on demand; null: not known'}),
    priceTiers: z
      .array(priceTier)
      .min(1)
      .refine(isRising, {message: 'a list that begins with fromHour: 0 and rises'})
      .optional()
      .meta({description: 'where the price falls with the hours that a machine has run; instead of pricePerHour'}),
    allocatable: resourceList.optional().meta({description: 'as kubectl get nodes shows it; outranks the rule'}),
    source: text.optional(),
    asOf: text.optional(),
  })
  .refine(({pricePerHour, priceTiers}) => pricePerHour === undefined || priceTiers === undefined, {
    message: 'either pricePerHour or priceTiers',
    params: {code: 'STW-1008'},
  });

/** Instance types and prices of one's own; schemas/node-catalog.v1alpha1.json is generated from here. */
export const nodeCatalogSchema = z
  .strictObject({
    apiVersion: z.literal(SCENARIO_API_VERSION),
    kind: z.literal('NodeCatalog'),
    metadata: z.strictObject({name: text}),
    spec: z.strictObject({
      extends: text
        .optional()
        .meta({description: 'PROVIDER/REGION of a bundled catalogue, whose types are there, too'}),
      provider: text.optional().meta({description: 'decides the rule from capacity to allocatable'}),
      region: text.optional(),
      allocatableRule: z
        .enum(RULE_NAMES)
        .optional()
        .meta({description: 'from capacity to allocatable; that of the provider and Kubernetes version when left out'}),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'a currency of three letters, such as EUR')
        .optional()
        .meta({description: 'of all prices here; that of the extended catalogue when left out'}),
      asOf: text.meta({description: 'the day of the figures, such as 2026-11-01'}),
      source: text.meta({description: 'where the figures come from'}),
      instanceTypes: z.array(instanceType).default([]),
    }),
  })
  .meta({id: 'NodeCatalog', title: 'Instance types and prices'});

export type NodeCatalogSpec = z.infer<typeof nodeCatalogSchema>['spec'];
export type NodeCatalogType = NodeCatalogSpec['instanceTypes'][number];

function isRising(tiers: readonly {readonly fromHour: number}[]): boolean {
  return tiers.every(({fromHour}, index) => (index === 0 ? fromHour === 0 : fromHour > tiers[index - 1]!.fromHour));
}
