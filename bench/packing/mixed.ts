/**
 * How near to their bounds plans for mixed fleets are: `npm run bench:mixed -- --pods 1000 --seconds 4`. Twenty seeds of 20
 * shapes each, one after the other; every plan is checked by the verifier, which shares no code with the search. With
 * `--types 500` so many are drawn from all of EC2 that have a price and no GPU; `--bound` checks the proof, too.
 */
import {parseArgs} from 'node:util';
import {findCatalog} from '../../catalog/catalogs.ts';
import {plannableMachines} from '../../planner/demand/machines.ts';
import {planInWorker} from '../../planner/node/planInWorker.ts';
import {verifyBound} from '../../planner/verify/verifyBound.ts';
import {verifyPlan} from '../../planner/verify/verifyPlan.ts';
import {drawnTypes, mixedFleet} from './mixedFleet.ts';

const {values} = parseArgs({
  options: {
    pods: {type: 'string', default: '1000'},
    seconds: {type: 'string', default: '10'},
    seeds: {type: 'string', default: '20'},
    shapes: {type: 'string', default: '20'},
    types: {type: 'string'},
    bound: {type: 'boolean', default: false},
  },
});
const [pods, seconds, seeds, shapes] = [values.pods, values.seconds, values.seeds, values.shapes].map(Number) as [
  number,
  number,
  number,
  number,
];

const {machines} = plannableMachines(findCatalog('aws/us-east-1')!, {
  kubernetesVersion: '1.36',
  patterns: [],
  gpus: false,
  storage: false,
});

const gaps: number[] = [];
for (let seed = 1; seed <= seeds; seed++) {
  const types = values.types === undefined ? undefined : drawnTypes(machines, Number(values.types), seed);
  const problem = mixedFleet(seed, pods, shapes, types);
  const start = performance.now();
  let bounded = Number.NaN;
  const outcome = await planInWorker(problem, {
    seed,
    nodes: Number.POSITIVE_INFINITY,
    timeLimit: seconds * 1000,
    onProgress: () => {
      if (Number.isNaN(bounded)) bounded = (performance.now() - start) / 1000;
    },
  });
  const taken = (performance.now() - start) / 1000;
  if (outcome.kind !== 'packed') throw new Error(`seed ${seed}: ${outcome.kind}`);
  const faults = [
    ...verifyPlan(problem, outcome.solution, outcome.cost),
    ...(values.bound ? verifyBound(problem, outcome.certificate!, outcome.lowerBound) : []),
  ];
  if (faults.length > 0) throw new Error(`seed ${seed}: ${faults.join(', ')}`);
  const gap = outcome.cost / outcome.lowerBound - 1;
  gaps.push(gap);
  const state = outcome.cost === outcome.lowerBound ? 'optimal, proved' : `gap ${percent(gap)}`;
  console.log(
    `seed ${String(seed).padStart(2)}  ${state}  ${taken.toFixed(1)} s, root bound after ${bounded.toFixed(1)} s`,
  );
}
gaps.sort((a, b) => a - b);
const proved = gaps.filter((gap) => gap === 0).length;
console.log(
  `${pods} pods, ${shapes} shapes, ${seeds} seeds, ${seconds} s each: median gap ${percent(gaps[gaps.length >> 1]!)}, worst ${percent(gaps.at(-1)!)}, ${proved} proved`,
);

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`;
}
