/**
 * FlinkBlueGreenDeployment (since September 2025): a FlinkDeployment in two colours, of which one runs. A change starts
 * the other beside it, and the first goes when the second is ready, so that both need room for a while.
 */
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {Field, Refusal} from '../field.ts';
import {pruneAndDefault} from '../schema/pruneAndDefault.ts';
import {schemaErrors} from '../schema/schemaErrors.ts';
import {type ApacheOperator, releaseOf} from './apacheOperator.ts';
import {customResourceSchema} from './customResourceSchema.ts';
import {recordOf} from './flinkPod.ts';

export const COLOURS = ['BLUE', 'GREEN'] as const;
export type Colour = (typeof COLOURS)[number];

/** The oldest release is from before September 2025. */
export const NO_BLUE_GREEN = 'apache-1.7.0 knows no FlinkBlueGreenDeployment';

const COLOUR_LABEL = 'flink/blue-green-deployment-type';

export function colouredName(name: string, colour: Colour): string {
  return `${name}-${colour.toLowerCase()}`;
}

/** The FlinkDeployment of one colour; blue is the first. Throws a Refusal for what the API server refuses. */
export function colouredDeployment(
  object: KubernetesObject,
  colour: Colour,
  operator: ApacheOperator,
): KubernetesObject {
  const schema = customResourceSchema('FlinkBlueGreenDeployment', releaseOf(operator));
  const stored = pruneAndDefault(object, schema);
  const [error] = schemaErrors(stored, schema);
  if (error !== undefined) throw new Refusal(error.message, error.pointer);
  const template = new Field(stored).get('spec').get('template').get('spec');
  if (!template.isPresent) template.refuse('spec.template.spec: a FlinkBlueGreenDeployment needs a template');
  const spec = recordOf(template.value);
  const ingress = recordOf(spec.ingress);
  const prefix = colour.toLowerCase();
  const {namespace, name = '', uid} = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: 'FlinkDeployment',
    metadata: {
      name: colouredName(name, colour),
      ...(namespace === undefined ? {} : {namespace}),
      labels: {[COLOUR_LABEL]: colour},
      ownerReferences: [
        {
          apiVersion: object.apiVersion,
          blockOwnerDeletion: true,
          controller: false,
          kind: object.kind,
          name,
          ...(uid === undefined ? {} : {uid}),
        },
      ],
    },
    spec: {
      ...spec,
      ...(spec.ingress === undefined ? {} : {ingress: {...ingress, template: `${prefix}-${ingress.template}`}}),
    },
  };
}
