import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {BUILT_IN_RULES} from '../../workloads/customResources/builtInRules.ts';
import {runCommand} from '../helpers/runCommand.ts';

const PAGE = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../docs/custom-resources.md'), 'utf8');

/** The texts of the fenced blocks of a language. */
function blocks(language: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stowage-docs-'));
  for (const text of blocks('yaml')) {
    const name = /^# (\S+)\n/.exec(text)?.[1];
    expect(name, `a block without the name of its file:\n${text}`).toBeDefined();
    writeFileSync(join(folder, name!), text);
  }
});
afterAll(() => rmSync(folder, {recursive: true}));

/** What is wrong with the input in the page's own words: without the places, and without limits of the simulator. */
function remarks(stderr: string): string {
  return stderr.replaceAll(/^(?!warning STW-2).*\n?/gm, '');
}

describe('the page on custom resources', () => {
  test.each(blocks('console'))('shows what is printed: %s', async (text) => {
    const [command = '', ...expected] = text.split('\n');
    const args = command
      .replace(/^\$ stowage /, '')
      .split(' ')
      .map((arg) => (arg.endsWith('.yaml') ? join(folder, arg) : arg));
    const {exitCode, stdout, stderr} = await runCommand(args);
    expect(exitCode, stderr).toBe(0);
    expect(stdout + remarks(stderr)).toBe(expected.join('\n'));
  });

  test('names every kind that has a rule', () => {
    const [, table = ''] = PAGE.split('## What has a rule already');
    const rows = table.split('## ')[0]!.split('\n');
    const missing = BUILT_IN_RULES.filter(
      ({group, kind}) => !rows.some((row) => row.includes(`\`${group}\``) && row.includes(kind)),
    );
    expect(missing.map(({group, kind}) => `${kind}.${group}`)).toEqual([]);
  });
});
