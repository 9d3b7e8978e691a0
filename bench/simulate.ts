/**
 * Expansion and simulation over sizes: `npm run bench`. Rounds of all sizes are interleaved, so that what the machine does
 * meanwhile touches all of them alike; the table gives the median and the spread of each.
 */
import {Diagnostics, type Origin} from '../model/diagnostic.ts';
import type {KubernetesObject} from '../model/kubernetes.ts';
import {simulate} from '../simulator/simulate.ts';
import {scenarioNodes} from '../sources/nodePools.ts';
import {expand} from '../workloads/expand.ts';

const ROUNDS = 5;
const SIZES = [
  {nodes: 100, deployments: 20, replicas: 50},
  {nodes: 500, deployments: 20, replicas: 100},
  {nodes: 1000, deployments: 60, replicas: 100},
] as const;

const ORIGIN: Origin = {file: 'bench', at: () => ({line: 1, column: 1})};

/** Deployments of sizes that differ, from 250m and 512Mi to 2 cores and 8Gi. */
function deployments(count: number, replicas: number): KubernetesObject[] {
  return Array.from({length: count}, (_, index) => {
    const name = `app-${index}`;
    const requests = {cpu: `${250 * (1 + (index % 8))}m`, memory: `${512 * (1 + ((index * 7) % 16))}Mi`};
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

const times = SIZES.map(() => ({expand: [] as number[], simulate: [] as number[], pods: 0, placed: 0}));
for (let round = 0; round < ROUNDS; round++) {
  for (const [index, size] of SIZES.entries()) {
    const diagnostics = new Diagnostics();
    const nodes = scenarioNodes(
      {
        catalog: 'aws/us-east-1',
        kubernetesVersion: '1.36',
        memoryOverheadPercent: 7.5,
        nodes: [],
        nodePools: [{name: 'bench', instanceType: 'm6i.8xlarge', count: size.nodes, zones: ['a', 'b', 'c']}],
      },
      ORIGIN,
      diagnostics,
    );
    const objects = deployments(size.deployments, size.replicas).map((object) => ({object, origin: ORIGIN}));
    const start = performance.now();
    const model = expand(objects, {nodes, cronJobs: 'Idle', flinkOperator: null, reschedule: false}, diagnostics);
    const expanded = performance.now();
    const {nodeOfPod} = simulate(model, {
      kubernetesVersion: '1.36',
      percentageOfNodesToScore: 100,
      seed: 0,
      ties: 'first',
    });
    const end = performance.now();
    const entry = times[index]!;
    entry.expand.push(expanded - start);
    entry.simulate.push(end - expanded);
    entry.pods = model.pods.length;
    entry.placed = nodeOfPod.filter((node) => node >= 0).length;
  }
}

process.stdout.write('nodes   pods    placed  expand ms (min…max)     simulate ms (min…max)     pods/s\n');
for (const [index, size] of SIZES.entries()) {
  const {expand: expansion, simulate: simulation, pods, placed} = times[index]!;
  const perSecond = Math.round(pods / (median(simulation) / 1000));
  const cells = [size.nodes, pods, placed].map((value) => String(value).padEnd(7));
  process.stdout.write(
    `${cells.join(' ')} ${spread(expansion).padEnd(23)} ${spread(simulation).padEnd(25)} ${perSecond}\n`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)}…${Math.max(...values).toFixed(1)})`;
}
