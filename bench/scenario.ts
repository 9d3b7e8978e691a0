import type {PodObject} from '../model/kubernetes.ts';
import type {BarePod, ScenarioDocument} from '../scripts/parity/format.ts';
import type {Prepared} from './prepare.ts';
import {inOrder} from './prepare.ts';
import type {PodSet, Workload} from './shapes/shape.ts';

/** The same cluster and the first so many pods of a shape, as the side-car with the real plugins takes them. */
export function toScenario(name: string, workload: Workload, {running}: Prepared, limit: number): ScenarioDocument {
  const {nodes, objects, order} = workload;
  const bound = [...inOrder(workload.running, 'bySet')].map(([set, ordinal], index) =>
    barePod(set, ordinal, {nodeName: running[index]!.nodeName!}),
  );
  const pending: BarePod[] = [];
  for (const [set, ordinal] of inOrder(workload.pending, order)) {
    if (pending.length === limit) break;
    pending.push(barePod(set, ordinal, {}));
  }
  return {
    name,
    nodes: nodes.map(({metadata, spec, status}) => ({metadata, spec: spec ?? {}, status: status ?? {}})),
    pods: bound,
    pending,
    objects,
  };
}

function barePod(
  {name, namespace, labels, spec}: PodSet,
  ordinal: number,
  placement: Pick<PodObject['spec'], 'nodeName'>,
): BarePod {
  return {metadata: {name: `${name}-${ordinal}`, namespace, labels}, spec: {...spec, ...placement}};
}
