import {execFileSync} from 'node:child_process';
import type {ScenarioDocument} from '../scripts/parity/format.ts';
import type {Run} from './measure.ts';

/** What the side-car's `bench` prints. */
interface SidecarBench {
  readonly pods: number;
  readonly scheduled: number;
  readonly seconds: number;
}

/** Lets the plugins of kube-scheduler schedule the pending pods in one process, on one core like everything else. */
export function measureRealPlugins(sidecar: string, scenario: ScenarioDocument, seconds: number): Run {
  const output = execFileSync(sidecar, ['bench', '--seconds', String(seconds)], {
    input: JSON.stringify(scenario),
    env: {...process.env, GOMAXPROCS: '1'},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const {pods, scheduled, seconds: wallSeconds} = JSON.parse(output.toString()) as SidecarBench;
  const isComplete = pods === scenario.pending.length;
  return {pods, isComplete, placed: isComplete ? scheduled : null, wallSeconds, cpuSeconds: null};
}

/** The version of Kubernetes whose plugins they are: `v1.36.3`. */
export function realVersion(sidecar: string): string {
  return execFileSync(sidecar, ['version']).toString().trim();
}
