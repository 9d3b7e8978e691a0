/**
 * What planners start from: a file of Deployments. Measured are the expansion to pods, their placement, and the whole
 * command from the file to the report.
 */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Origin} from '../model/diagnostic.ts';
import type {KubernetesObject} from '../model/kubernetes.ts';
import {OPTIONS} from './prepare.ts';
import type {Product} from './product.ts';
import {node} from './shapes/objects.ts';

const DEPLOYMENTS = 60;
/** 32 cores and 128 GiB. */
const INSTANCE_TYPE = 'm6i.8xlarge';
const ORIGIN: Origin = {file: 'bench', at: () => ({line: 1, column: 1})};
/** GNU time, which tells what a whole process took. */
const TIME = '/usr/bin/time';

export interface FileRun {
  readonly nodes: number;
  readonly pods: number;
  readonly placed: number;
  readonly expandSeconds: number;
  readonly simulateSeconds: number;
  /** `stowage simulate`, from start to end. */
  readonly process: ProcessRun;
}

interface ProcessRun {
  readonly wallSeconds: number;
  /** null where the machine has nothing to tell it with. */
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
}

export function measureDeployments(checkout: string, product: Product, nodes: number, replicas: number): FileRun {
  const objects = deployments(DEPLOYMENTS, replicas);
  return {...measureStages(product, objects, nodes), process: measureProcess(checkout, objects, nodes)};
}

/** Deployments of sizes that differ. */
export function deployments(count: number, replicas: number): readonly KubernetesObject[] {
  return Array.from({length: count}, (_, index) => {
    const name = `app-${index}`;
    const requests = {cpu: `${100 + ((index * 37) % 900)}m`, memory: `${128 + ((index * 91) % 2000)}Mi`};
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {name, namespace: 'default'},
      spec: {
        replicas,
        selector: {matchLabels: {app: name}},
        template: {
          metadata: {labels: {app: name}},
          spec: {containers: [{name: 'main', image: 'registry.example.com/app:1', resources: {requests}}]},
        },
      },
    };
  });
}

export function measureStages(
  {Diagnostics, expand, simulate, toNode}: Product,
  objects: readonly KubernetesObject[],
  nodes: number,
): Omit<FileRun, 'process'> {
  const resources = {cpu: '31850m', memory: '118Gi', pods: '234'};
  const machines = Array.from({length: nodes}, (_, i) => toNode(node(i, {zone: 'abc'[i % 3]!, resources})));
  const inputs = objects.map((object) => ({object, origin: ORIGIN}));
  const options = {nodes: machines, cronJobs: 'Idle', flinkOperator: null, reschedule: false} as const;
  const start = performance.now();
  const model = expand(inputs, options, new Diagnostics());
  const expanded = performance.now();
  const {nodeOfPod} = simulate(model, OPTIONS);
  const end = performance.now();
  return {
    nodes,
    pods: model.pods.length,
    placed: nodeOfPod.reduce((count, placed) => (placed < 0 ? count : count + 1), 0),
    expandSeconds: (expanded - start) / 1000,
    simulateSeconds: (end - expanded) / 1000,
  };
}

/** JSON is YAML, and the YAML reader is what reads a file of this name. */
function measureProcess(checkout: string, objects: readonly KubernetesObject[], nodes: number): ProcessRun {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-bench-'));
  const file = join(folder, 'deployments.yaml');
  const times = join(folder, 'times');
  writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  const stowage = [join(checkout, 'bin/stowage'), 'simulate', '-q', '-f', file, '--node-pool'];
  const asked = [...stowage, `${INSTANCE_TYPE}=${nodes}`];
  const isTimed = existsSync(TIME);
  const [command, ...rest] = isTimed ? [TIME, '-o', times, '-f', '%U %S %M', ...asked] : asked;
  try {
    const start = performance.now();
    execFileSync(command!, rest, {stdio: ['ignore', 'ignore', 'pipe']});
    const wallSeconds = (performance.now() - start) / 1000;
    if (!isTimed) return {wallSeconds, cpuSeconds: null, peakBytes: null};
    const [user, system, kibibytes] = readFileSync(times, 'utf8').trim().split(' ').map(Number);
    return {wallSeconds, cpuSeconds: user! + system!, peakBytes: kibibytes! * 1024};
  } finally {
    rmSync(folder, {recursive: true});
  }
}
