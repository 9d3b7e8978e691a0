import {isFlinkResource} from '../../../flink/flinkObjects.ts';
import type {Diagnostics} from '../../../model/diagnostic.ts';
import {readDocuments} from '../../../sources/formats.ts';
import {readManifests} from '../../../sources/manifests.ts';
import {readSource} from '../../../sources/node/readFiles.ts';
import type {InputObject} from '../../../workloads/inputObject.ts';
import {UsageError} from '../../failure.ts';
import type {Io} from '../../io.ts';

/** The Flink resources in files and directories, or standard input for `-`. */
export function flinkResources(paths: readonly string[], io: Io, diagnostics: Diagnostics): readonly InputObject[] {
  const files = paths.flatMap((path) => readSource(path, {recursive: false, readStdin: io.readStdin}, diagnostics));
  const documents = files.flatMap((file) => [...readDocuments(file, diagnostics)]);
  const objects = readManifests(documents, {namespace: 'default', validate: 'ignore'}, diagnostics);
  diagnostics.throwIfErrors();
  const resources = objects.filter(({object}) => isFlinkResource(object));
  if (resources.length === 0) {
    throw new UsageError(
      `-f ${paths.join(' -f ')}: there is no FlinkCluster, FlinkDeployment or other Flink resource in it`,
    );
  }
  return resources;
}
