import type {KubernetesObject} from '../model/kubernetes.ts';
import {Refusal} from './field.ts';
import type {ApacheOperator} from './flinkDeployment/apacheOperator.ts';
import {COLOURS, type Colour, colouredDeployment, colouredName, NO_BLUE_GREEN} from './flinkDeployment/blueGreen.ts';
import {flinkDeploymentObjects} from './flinkDeployment.ts';
import type {FlinkOutcome} from './flinkOutcome.ts';
import type {RelatedResources} from './relatedResources.ts';
import {noteInTemplate, pointerInTemplate, refusedInTemplate} from './specPath.ts';

export {type Colour, colouredDeployment} from './flinkDeployment/blueGreen.ts';

/**
 * The objects of the blue deployment, which is the first; during a transition those of both, each whole. Throws a
 * Refusal where the API server, the operator or Flink refuses the template.
 */
export function flinkBlueGreenObjects(
  object: KubernetesObject,
  operator: ApacheOperator,
  {transition}: {readonly transition: boolean} = {transition: false},
): FlinkOutcome {
  if (operator === 'apache-1.7.0') {
    return {kind: 'none', notes: [NO_BLUE_GREEN]};
  }
  const colours = transition ? COLOURS : COLOURS.slice(0, 1);
  const outcomes = colours.map((colour) => ofColour(object, colour, operator));
  return outcomes.reduce(together);
}

/** Whether one of its two FlinkDeployments is there already, as in a dump of a cluster. */
export function hasColour(object: KubernetesObject, related: RelatedResources): boolean {
  const {name = ''} = object.metadata;
  return COLOURS.some((colour) => related.deploymentBeside(object, colouredName(name, colour)) !== undefined);
}

function ofColour(object: KubernetesObject, colour: Colour, operator: ApacheOperator): FlinkOutcome {
  const deployment = colouredDeployment(object, colour, operator);
  const outcome = asTemplate(() => flinkDeploymentObjects(deployment, operator));
  if (outcome.kind !== 'objects') return outcome;
  const note = `${deployment.metadata.name} runs; a change starts a second cluster of its size beside it until that is ready`;
  return {...outcome, notes: [...outcome.notes.map(noteInTemplate), note]};
}

/** What is refused of the deployment lies in the template. */
function asTemplate(make: () => FlinkOutcome): FlinkOutcome {
  try {
    const outcome = make();
    return outcome.kind === 'refused' ? refusedInTemplate(outcome) : outcome;
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.message, pointerInTemplate(error.pointer));
    throw error;
  }
}

function together(first: FlinkOutcome, second: FlinkOutcome): FlinkOutcome {
  if (first.kind !== 'objects' || second.kind !== 'objects') return first;
  return {
    ...first,
    objects: [...first.objects, ...second.objects],
    slots:
      first.slots === null || second.slots === null
        ? null
        : {total: first.slots.total + second.slots.total, used: first.slots.used},
  };
}
