import {Field} from '../../../flink/field.ts';
import {readCluster} from '../../../flink/flinkCluster/readCluster.ts';
import {unitNotes as clusterUnitNotes} from '../../../flink/flinkCluster/unitNotes.ts';
import {unitNotes} from '../../../flink/flinkDeployment/unitNotes.ts';
import {dialectOf, releaseFor} from '../../../flink/memory/resourceConfiguration.ts';
import {escapePointer} from '../../../model/diagnostic.ts';
import {type FlinkRule, type FlinkSubject, flinkFinding} from './flinkSubject.ts';

/** Sizes that Kubernetes reads in another unit than Flink would: `2048m` are two bytes to the one, 2048 MiB to the other. */
export const wrongUnits: FlinkRule = (subject) =>
  notesOf(subject).map((note) => flinkFinding('STW-4108', subject, note, {pointer: pointerOf(note)}));

function notesOf({object, operator}: FlinkSubject): readonly string[] {
  if (object.kind === 'FlinkDeployment') return unitNotes(new Field(object).get('spec'), releaseFor(operator));
  if (object.kind !== 'FlinkCluster') return [];
  const read = readCluster(object, dialectOf(object, operator));
  return 'errors' in read ? [] : clusterUnitNotes(read.cluster);
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
