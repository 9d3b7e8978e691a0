import {Field} from '../../../flink/field.ts';
import {unitNotes as clusterUnitNotes} from '../../../flink/flinkCluster/unitNotes.ts';
import {releaseOf} from '../../../flink/flinkDeployment/apacheOperator.ts';
import {unitNotes} from '../../../flink/flinkDeployment/unitNotes.ts';
import {resourceConfiguration} from '../../../flink/memory/resourceConfiguration.ts';
import {apacheOperatorOf} from '../../../flink/operatorOf.ts';
import {specPath} from '../../../flink/specPath.ts';
import {escapePointer} from '../../../model/diagnostic.ts';
import {clusterOf} from './cluster.ts';
import {type FlinkRule, type FlinkSubject, flinkFinding} from './flinkSubject.ts';

/** Sizes that Kubernetes reads in another unit than Flink would: `2048m` are two bytes to the one, 2048 MiB to the other. */
export const wrongUnits: FlinkRule = (subject) =>
  notesOf(subject).map((note) => flinkFinding('STW-4108', subject, note, {pointer: pointerOf(note)}));

function notesOf(subject: FlinkSubject): readonly string[] {
  const {object, operator} = subject;
  if (object.kind === 'FlinkCluster') {
    const cluster = clusterOf(subject);
    return cluster === undefined ? [] : clusterUnitNotes(cluster);
  }
  if (resourceConfiguration(object, operator).kind !== 'configuration') return [];
  const spec = specPath(object).reduce((field, key) => field.get(key), new Field(object));
  return unitNotes(spec, releaseOf(apacheOperatorOf(operator)));
}

/** Notes begin with the field that they are about. */
function pointerOf(note: string): string {
  const field = /^spec[.\w[\]-]*(?=:)/.exec(note)?.[0];
  if (field === undefined) return '/spec';
  return field
    .split(/[.[\]]+/)
    .filter((key) => key !== '')
    .map((key) => `/${escapePointer(key)}`)
    .join('');
}
