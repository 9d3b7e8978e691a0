import {execFileSync} from 'node:child_process';
import {arch, cpus, loadavg, platform, totalmem} from 'node:os';
import type {Machine} from './record.ts';

export function describeMachine(loadBefore: number): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${platform()}/${arch()}`,
    node: process.version,
    load: [loadBefore, loadOfLastMinute()],
  };
}

export function loadOfLastMinute(): number {
  return Number(loadavg()[0]!.toFixed(2));
}

/** The commit that is measured, with a mark when files differ from it. */
export function commitOf(checkout: string): string {
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=10'], {cwd: checkout}).toString().trim();
}
