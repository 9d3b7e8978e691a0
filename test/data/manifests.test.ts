import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {testWithSharedData} from '../helpers/sharedData.ts';
import {factsOf, filesOf, inputAccount} from './inputAccount.ts';

testWithSharedData('manifests', 'every object of the manifests is used or named', async (folder) => {
  const projects = readdirSync(folder).sort();
  const accounts = new Map(projects.map((project) => [project, filesOf(join(folder, project)).map(inputAccount)]));
  for (const account of [...accounts.values()].flat()) {
    const {file, given, nodes, workloads, kept, configuration, unknown, leftOut, lost} = account;
    const named = [...unknown.values()].reduce((sum, count) => sum + count, 0);
    expect({file, given, lost}).toEqual({
      file,
      given: nodes + workloads + kept + configuration + named + leftOut,
      lost: [],
    });
  }
  const table = [...accounts].map(([project, files]) => factsOf(project, files)).join('\n');
  await expect(table).toMatchFileSnapshot('../golden/data/manifests.txt');
});
