import {existsSync, readdirSync} from 'node:fs';
import {join, relative} from 'node:path';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {PACKAGE_ROOT} from '../package.ts';
import {simulateCommand} from './simulate.ts';

const SCENARIOS = join(PACKAGE_ROOT, 'scenarios');

export interface DemoFlags {
  readonly output: string;
  readonly list?: boolean;
  readonly quiet?: boolean;
}

/** Simulates a bundled scenario just as `simulate -f` would. */
export async function demoCommand(name: string, {output, list, quiet = false}: DemoFlags, io: Io): Promise<ExitCode> {
  const names = readdirSync(SCENARIOS, {withFileTypes: true})
    .filter((entry) => entry.isDirectory() && existsSync(join(SCENARIOS, entry.name, 'scenario.yaml')))
    .map((entry) => entry.name)
    .sort();
  if (list === true) {
    io.stdout.write(names.map((one) => `${one}\n`).join(''));
    return ExitCode.Ok;
  }
  if (!names.includes(name))
    throw new UsageError(`no bundled scenario is called "${name}"; there are ${names.join(', ')}`);
  const directory = join(SCENARIOS, name);
  const near = relative('.', directory);
  const filename = near.startsWith('..') ? directory : near;
  return await simulateCommand({values: [], filename: [filename], validate: 'warn', nodePool: [], output, quiet}, io);
}
