/**
 * Compares the simulator's decisions with those of the real scheduler plugins: `npm run parity -- DIR` with the recorded
 * ones of a folder (see test/golden/scheduler/parity/README.md). Ends with the line `D decisions, E equal`.
 */
import {parseArgs} from 'node:util';
import {DEFAULT_KUBERNETES_VERSION} from '../simulator/simulation.ts';
import {compareLines} from './parity/compare.ts';
import {readScenario, scenarioNames} from './parity/folder.ts';
import {familyOf} from './parity/format.ts';
import {ingest} from './parity/ingest.ts';
import {replay} from './parity/replay.ts';
import {differenceText, summaryLines, Tally} from './parity/summary.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {only: {type: 'string'}, quiet: {type: 'boolean'}},
});
const [folder] = positionals;
const tally = new Tally();
for (const name of scenarioNames(folder!)) {
  const family = familyOf(name.slice(name.lastIndexOf('/') + 1));
  if (values.only !== undefined && family !== values.only) continue;
  const {document, expected} = readScenario(folder!, name);
  const version = DEFAULT_KUBERNETES_VERSION;
  const got = replay(ingest(document, version), expected, version);
  const differences = compareLines(name, expected, got);
  tally.add(family, expected.length, differences);
  if (!values.quiet) for (const difference of differences) console.log(differenceText(difference));
}
const summary = tally.summary();
for (const line of summaryLines(summary)) console.log(line);
process.exitCode = summary.equal === summary.decisions ? 0 : 1;
