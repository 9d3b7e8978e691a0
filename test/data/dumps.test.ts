import {relative} from 'node:path';
import {expect} from 'vitest';
import {testWithSharedData} from '../helpers/sharedData.ts';
import {factsOf, filesOf, inputAccount} from './inputAccount.ts';

testWithSharedData(
  'dumps',
  'every file is read without a crash; what kubectl printed is used or named',
  async (folder) => {
    const accounts = filesOf(folder).map((path) => [relative(folder, path), inputAccount(path)] as const);
    for (const [file, account] of accounts.filter(([name]) => /^(?:honeycomb|k9s)\//.test(name))) {
      const {given, nodes, workloads, kept, configuration, leftOut, lost} = account;
      expect({file, given, lost}).toEqual({file, given: nodes + workloads + kept + configuration + leftOut, lost: []});
    }
    const table = accounts.map(([file, account]) => factsOf(file, [account])).join('\n');
    await expect(table).toMatchFileSnapshot('../golden/data/dumps.txt');
  },
);
