import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import type {ScenarioDocument} from '../../scripts/parity/format.ts';
import {ingest} from '../../scripts/parity/ingest.ts';
import {nodeTreeOrder} from '../../simulator/reference/sampling.ts';
import {assume, attempt, createScheduler, takeIn} from '../../simulator/scheduler.ts';
import {OPTIONS} from './builders.ts';

/** What the real scheduler's search came to, with one worker; see validator/kube-scheduler/README.md. */
interface Recorded {
  readonly scenario: ScenarioDocument;
  /** The nodes as the scheduler lists them. */
  readonly order: readonly string[];
  readonly lines: readonly {
    readonly pod: string;
    readonly result: string;
    /** In the order found; in the order of the input where PreFilter narrowed the nodes. */
    readonly feasible?: readonly string[];
    readonly narrowed?: boolean;
    readonly tie?: readonly string[];
    readonly maxTotal?: number;
    readonly node?: string;
  }[];
}

const FOLDER = new URL('../../validator/kube-scheduler/testdata/sampling/', import.meta.url);

/** With what the recorded scenarios leave to the defaults. */
function complete(scenario: ScenarioDocument): ScenarioDocument {
  const inDefault = (pods: ScenarioDocument['pods'] = []): ScenarioDocument['pods'] =>
    pods.map((pod) => ({...pod, metadata: {namespace: 'default', ...pod.metadata}}));
  return {...scenario, pods: inDefault(scenario.pods), pending: inDefault(scenario.pending)};
}

test.each(readdirSync(FOLDER).sort())('%s: the nodes that are looked at are the real ones', (file) => {
  const {scenario, order, lines} = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recorded;
  const {model, configuration, running, pending} = ingest(complete(scenario), OPTIONS.kubernetesVersion);
  const nameOf = (node: number): string => model.nodes[node]!.name;
  expect([...nodeTreeOrder(model.nodes)].map(nameOf)).toEqual(order);

  const percentageOfNodesToScore = configuration.percentageOfNodesToScore ?? 0;
  const scheduler = createScheduler(model, {...OPTIONS, percentageOfNodesToScore}, configuration);
  takeIn(scheduler, [...running, ...pending]);
  for (const [i, pod] of pending.entries()) {
    const line = lines[i]!;
    const {outcome} = attempt(scheduler, pod, {explain: true});
    const {scores, node} = outcome;
    const nodes = scores === null ? (node < 0 ? [] : [node]) : [...scores.nodes];
    const found = line.narrowed === true ? nodes.toSorted((a, b) => a - b) : nodes;
    expect(found.map(nameOf), line.pod).toEqual(line.feasible ?? []);
    expect((outcome.ties ?? []).map(nameOf), line.pod).toEqual(line.tie ?? []);
    if (line.maxTotal !== undefined) expect(outcome.score, line.pod).toBe(line.maxTotal);
    if (line.node !== undefined) assume(scheduler, pod, scheduler.nodeOf.get(line.node)!);
  }
});
