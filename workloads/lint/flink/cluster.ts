import type {Cluster} from '../../../flink/flinkCluster/clusterSpec.ts';
import {readCluster} from '../../../flink/flinkCluster/readCluster.ts';
import {clusterOperatorOf} from '../../../flink/operatorOf.ts';
import type {FlinkSubject} from './flinkSubject.ts';

/** A FlinkCluster as its operator sees it, defaults filled in; undefined for other kinds and for what is refused. */
export function clusterOf({object, operator}: Pick<FlinkSubject, 'object' | 'operator'>): Cluster | undefined {
  if (object.kind !== 'FlinkCluster') return undefined;
  const dialect = clusterOperatorOf(object, operator) === 'gcp-fe98573' ? 'gcp' : 'spotify';
  const read = readCluster(object, dialect);
  return 'cluster' in read ? read.cluster : undefined;
}
