import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from 'vitest';
import type {SimulationResult} from '../../results/simulationResult.ts';
import {runCommand} from '../helpers/runCommand.ts';
import {testWithSharedData} from '../helpers/sharedData.ts';

const FOLDER = 'traces/wikimedia-k8s-2026/wikikube-codfw';
const SCENARIO = 'test/fixtures/wikikube-codfw/scenario.yaml';

interface Row {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly replicas: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  /** Containers without a CPU or memory request, which the LimitRange of the namespace gives one. */
  readonly withoutRequest: number;
}

/** A second reader's account of the same manifests. */
function readRows(path: string): readonly Row[] {
  const [, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => {
    const [namespace, kind, name, replicas, cpu, memory, , , without] = line.split(',');
    return {
      namespace: namespace!,
      kind: kind!,
      name: name!,
      replicas: replicas!,
      cpu: Number(cpu),
      memoryMiB: Number(memory),
      withoutRequest: Number(without),
    };
  });
}

testWithSharedData(
  FOLDER,
  'every workload of wikikube-codfw has the replicas and requests of the second reader',
  async (folder) => {
    const args = ['simulate', '-f', folder, '-f', SCENARIO, '--namespace-from-file', '^(.+?)--', '-q', '-o', 'json'];
    const {exitCode, stdout, stderr} = await runCommand(args);
    expect(exitCode, stderr).toBe(0);
    const result = JSON.parse(stdout) as SimulationResult;

    // 131 releases, 124 of them irregular in nothing: what js-yaml refuses is read all the same and reported.
    const irregular = new Set(
      stderr
        .split('\n')
        .filter((line) => line.includes('STW-2001'))
        .map((line) => JSON.parse(line).at.file),
    );
    expect(irregular.size).toBe(10);

    const rows = readRows(join(dirname(folder), 'wikikube-codfw.workloads.csv'));
    expect(rows).toHaveLength(137);
    const differences = rows.flatMap((row) => differencesOf(row, result));
    expect(differences).toEqual([]);
    expect(result.workloads).toHaveLength(rows.length);

    // Replicas are spread over all machines, so that pods for the few with disks, and a DaemonSet's pods that come late
    // and have no priority, find some of theirs full.
    expect(result.summary).toMatchObject({pods: 2320, placed: 2305, pending: 15, rejected: 0, gated: 0, ignored: 0});
    const crowdedOut = new Set(result.pending.map(({workload}) => result.workloads[workload]!.namespace));
    expect([...crowdedOut].sort()).toEqual(['mw-debug', 'mw-mcrouter', 'termbox']);
    expect(result.jobs.map(({state}) => state)).toEqual(Array(5).fill('Running'));
  },
);

function differencesOf(row: Row, {workloads, nodes}: SimulationResult): readonly string[] {
  const [kind, part] = row.kind.split('/');
  const component = part === undefined ? null : part.toLowerCase();
  // `release_group` is the namespace, and one name may stand in several.
  const own = workloads.find(
    (workload) =>
      workload.namespace === row.namespace &&
      workload.kind === kind &&
      workload.name === row.name &&
      workload.component === component,
  );
  const label = `${row.namespace} ${row.kind}/${row.name}`;
  if (own === undefined) return [`${label} is missing`];
  const differences: string[] = [];
  // The one DaemonSet tolerates the taint of the experimental machines.
  const wanted = row.replicas === 'per-node' ? nodes.length : Number(row.replicas);
  if (own.replicas !== wanted) differences.push(`${label}: ${own.replicas} replicas, not ${wanted}`);
  if (own.replicas === 0) return differences;
  // The LimitRange gives 100m and 100Mi to every container without a request, and nothing else may differ.
  const cpu = Math.round((own.requests.cpu! - row.cpu) * 1000);
  const memory = own.requests.memory! / 2 ** 20 - row.memoryMiB;
  const byLimitRange = row.withoutRequest > 0;
  if (byLimitRange ? cpu % 100 !== 0 || cpu < 0 || cpu > row.withoutRequest * 100 : cpu !== 0) {
    differences.push(`${label}: cpu differs by ${cpu}m with ${row.withoutRequest} containers without request`);
  }
  if (byLimitRange ? memory % 100 !== 0 || memory < 0 || memory > row.withoutRequest * 100 : Math.abs(memory) >= 0.1) {
    differences.push(`${label}: memory differs by ${memory} MiB with ${row.withoutRequest} containers without request`);
  }
  return differences;
}
