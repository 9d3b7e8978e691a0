import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {expect} from 'vitest';
import type {ApacheOperator} from '../../flink/flinkDeployment/apacheOperator.ts';
import {type ApacheAnswer, askApacheOperator} from '../../flink/flinkDeployment/askApacheOperator.ts';
import {Diagnostics} from '../../model/diagnostic.ts';
import type {KubernetesObject} from '../../model/kubernetes.ts';
import {parseDocuments} from '../../sources/documents.ts';
import {testWithSharedData} from '../helpers/sharedData.ts';

interface Case {
  readonly name: string;
  readonly resource: KubernetesObject;
  readonly results: readonly {readonly operator: readonly string[]; readonly out: ApacheAnswer}[];
}

const CASES = gunzipSync(readFileSync(new URL('../golden/flink/apache.ndjson.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

testWithSharedData(
  'manifests/flink-kubernetes-operator',
  'every sample of the operator gives what it gave',
  (folder) => {
    let asked = 0;
    for (const file of readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))) {
      const text = readFileSync(join(folder, file), 'utf8');
      const documents = parseDocuments({name: file, text}, new Diagnostics());
      const resources = documents
        .map(({value}) => value as KubernetesObject)
        .filter(({apiVersion}) => apiVersion?.startsWith('flink.apache.org/'));
      expect(resources, file).not.toEqual([]);
      for (const resource of resources) {
        const recorded = CASES.find(
          ({name, resource: {kind, metadata}}) =>
            name === `sample ${file}` && kind === resource.kind && metadata.name === resource.metadata.name,
        );
        if (recorded === undefined)
          throw new Error(`${file}: ${resource.kind}/${resource.metadata.name} is not recorded`);
        const session = resources.find(
          ({kind, metadata}) =>
            kind === 'FlinkDeployment' &&
            metadata.name === (resource.spec as {deploymentName?: string} | undefined)?.deploymentName,
        );
        for (const {operator, out} of recorded.results) {
          for (const version of operator) {
            const answer = askApacheOperator(
              {resource, ...(session === undefined ? {} : {session})},
              `apache-${version}` as ApacheOperator,
            );
            expect(comparable(answer), `${file} ${version}`).toEqual(comparable(out));
            asked += 1;
          }
        }
      }
    }
    // 18 samples, three releases.
    expect(asked).toBe(54);
  },
);

/** A resource was recorded with a namespace of its own, so that a place in its text is further on. */
function comparable({error, ...answer}: ApacheAnswer): unknown {
  const failed = error?.map((entry) => entry.replace(/column: \d+/, 'column'));
  return JSON.parse(
    JSON.stringify({...answer, failed}, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)),
  );
}
