import {z} from 'zod';
import {parseQuantity} from '../../model/quantity.ts';
import {WORKLOAD_KINDS} from '../apiKinds.ts';
import {parsePath} from './path.ts';

/** A text, a number, or a path: a text that starts with `.` and a letter, or with `$`. */
type Literal = string | number | boolean;

/** How a field of a pod follows from those of a custom resource. */
export type Formula = Literal | FormulaFields;

/** Exactly one of `path`, `sum`, `max`, `product` and `quotient`. */
export interface FormulaFields {
  readonly path?: string | readonly string[] | undefined;
  readonly values?: Readonly<Record<string, string | number>> | undefined;
  readonly unit?: 'JavaMemory' | undefined;
  readonly default?: Formula | undefined;
  readonly sum?: readonly Formula[] | undefined;
  readonly max?: readonly Formula[] | undefined;
  readonly product?: readonly Formula[] | undefined;
  readonly quotient?: readonly Formula[] | undefined;
  readonly step?: string | undefined;
}

const OPERATIONS = ['path', 'sum', 'max', 'product', 'quotient'] as const;

const name = z.string().min(1);
const path = z.string().refine((text) => parsePath(text)?.segments.every(({kind}) => kind === 'key') === true, {
  message: "a path such as .spec.replicas or .metadata.labels['a/b']",
});
const paths = z
  .union([path, z.array(path).min(1)])
  .meta({description: 'a path, or several of which the first that has a value counts'});
const eachPath = z.string().refine((text) => parsePath(text)?.segments.some(({kind}) => kind === 'each') === true, {
  message: 'a path with [*], such as .spec.workerGroupSpecs[*]',
});

const formulaFields = z
  .strictObject({
    path: paths.optional(),
    values: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .meta({description: 'what each text at the path stands for; any other has no value'}),
    unit: z
      .enum(['JavaMemory'])
      .optional()
      .meta({description: 'JavaMemory: 512m and 2g are binary; a bare number is MiB'}),
    get default(): z.ZodOptional<z.ZodType<Formula>> {
      return formula.optional();
    },
    get sum(): z.ZodOptional<z.ZodArray<z.ZodType<Formula>>> {
      return z.array(formula).min(1).optional();
    },
    get max(): z.ZodOptional<z.ZodArray<z.ZodType<Formula>>> {
      return z.array(formula).min(1).optional();
    },
    get product(): z.ZodOptional<z.ZodArray<z.ZodType<Formula>>> {
      return z.array(formula).min(1).optional();
    },
    get quotient(): z.ZodOptional<z.ZodArray<z.ZodType<Formula>>> {
      return z.array(formula).length(2).optional().meta({description: 'the first by the second, rounded up'});
    },
    step: z
      .string()
      .refine((text) => parseQuantity(text) !== undefined, {params: {code: 'STW-1004'}, message: 'a quantity'})
      .optional()
      .meta({description: 'rounds down to a multiple, such as 1Mi'}),
  })
  .refine((fields) => OPERATIONS.filter((operation) => fields[operation] !== undefined).length === 1, {
    message: `exactly one of ${OPERATIONS.join(', ')}`,
    params: {code: 'STW-1008'},
  });

const formula: z.ZodType<Formula> = z.union([z.string(), z.number(), z.boolean(), formulaFields]);
const resources = z.record(name, formula);

const container = z.strictObject({
  name: formula,
  when: paths.optional().meta({description: 'there is such a container only where this has a value'}),
  init: z.boolean().optional(),
  image: formula.optional(),
  resources: paths.optional().meta({description: 'where requests and limits stand together'}),
  requests: resources.optional(),
  limits: resources.optional(),
});

const pods = z.strictObject({
  each: eachPath.optional().meta({description: 'one part for every element; other paths start there'}),
  when: paths.optional().meta({description: 'there is such a part only where this has a value'}),
  component: formula.optional().meta({description: 'the part’s name; with each, the element’s key by default'}),
  as: z
    .enum(['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'Job'])
    .default('Pod')
    .meta({description: 'what the operator makes: pods themselves, or a controller of them'}),
  owner: name
    .optional()
    .meta({description: 'the kind that owns the pods under the part’s name, where it is another one'}),
  name: z.array(formula).min(1).optional().meta({description: 'joined by "-"; the resource’s name and the component'}),
  firstOrdinal: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({description: 'pods are numbered from here instead of drawn a random name'}),
  replicas: formula.optional().meta({description: 'the CustomResourceDefinition’s scale when left out, or else 1'}),
  template: paths.optional().meta({description: 'a v1 PodTemplateSpec'}),
  podSpec: paths.optional().meta({description: 'a v1 PodSpec, possibly among other fields'}),
  spec: z.record(name, formula).optional().meta({description: 'further fields of the PodSpec'}),
  labels: z.record(name, formula).optional(),
  containers: z
    .array(container)
    .optional()
    .meta({description: 'containers beside those of the template; what the template says of one of them counts'}),
});

export const customResourceRuleSchema = z
  .strictObject({
    group: z.string().meta({description: 'the API group, such as ray.io'}),
    kind: name,
    gang: z.boolean().default(false).meta({description: 'whether the pods are of use only all together'}),
    pods: z.array(pods).min(1),
  })
  .refine(({group, kind}) => group !== '' && !WORKLOAD_KINDS.has(`${kind}.${group}`), {
    message: 'a kind of an operator: those of Kubernetes make pods by its own rules',
  });

export const CUSTOM_RESOURCE_RULES_API_VERSION = 'stowage.dev/v1alpha1';

export const customResourceRulesSchema = z
  .strictObject({
    apiVersion: z.literal(CUSTOM_RESOURCE_RULES_API_VERSION),
    kind: z.literal('CustomResourceRules'),
    metadata: z.strictObject({name, annotations: z.record(z.string(), z.string()).optional()}),
    spec: z.strictObject({rules: z.array(customResourceRuleSchema).min(1)}),
  })
  .meta({id: 'CustomResourceRules', title: 'Which pods custom resources make'});

/** Which pods the objects of one kind make. */
export type CustomResourceRule = z.infer<typeof customResourceRuleSchema>;
/** As it is written, before defaults. */
export type CustomResourceRuleInput = z.input<typeof customResourceRuleSchema>;
/** The pods of one part. */
export type PodRule = CustomResourceRule['pods'][number];
export type ContainerRule = NonNullable<PodRule['containers']>[number];
