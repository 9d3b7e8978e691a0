import type {Cluster} from '../../../flink/flinkCluster/clusterSpec.ts';
import {readCluster} from '../../../flink/flinkCluster/readCluster.ts';
import {DIALECTS} from '../../../flink/flinkCluster.ts';
import {clusterOperatorOf} from '../../../flink/operatorOf.ts';
import type {FlinkSubject} from './flinkSubject.ts';

/** A FlinkCluster as its operator sees it, defaults filled in; undefined for other kinds and for what is refused. */
export function clusterOf({object, operator}: Pick<FlinkSubject, 'object' | 'operator'>): Cluster | undefined {
  if (object.kind !== 'FlinkCluster') return undefined;
  const read = readCluster(object, DIALECTS[clusterOperatorOf(object, operator)]);
  return 'cluster' in read ? read.cluster : undefined;
}
