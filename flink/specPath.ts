import type {KubernetesObject} from '../model/kubernetes.ts';
import {isRecord} from './field.ts';
import type {FlinkRefusal} from './flinkOutcome.ts';

/** Where a resource says what its cluster is like: in `spec`, or for two colours of one in the template of both. */
export function specPath({kind}: Pick<KubernetesObject, 'kind'>): readonly string[] {
  return kind === 'FlinkBlueGreenDeployment' ? ['spec', 'template', 'spec'] : ['spec'];
}

/** What stands there; empty where nothing does. */
export function specOf(object: KubernetesObject): Readonly<Record<string, unknown>> {
  const spec = specPath(object).reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
  return isRecord(spec) ? spec : {};
}

/** The pointer to a field of a FlinkDeployment that is the template of both colours. */
export function pointerInTemplate(pointer: string): string {
  return pointer.replace(/^\/spec(?=\/|$)/, '/spec/template/spec');
}

export function refusedInTemplate(refusal: FlinkRefusal): FlinkRefusal {
  const problems = refusal.problems?.map((problem) => ({...problem, pointer: pointerInTemplate(problem.pointer)}));
  const pointer = pointerInTemplate(refusal.pointer);
  return {...refusal, pointer, ...(problems === undefined ? {} : {problems})};
}

/** A note that begins with such a field. */
export function noteInTemplate(note: string): string {
  return note.replace(/^spec(?=[.:])/, 'spec.template.spec');
}
