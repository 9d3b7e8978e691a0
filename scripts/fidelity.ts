/**
 * Writes the tables of docs/fidelity.md: those of the scheduler from the comparisons recorded in docs/parity/, those of
 * Flink by comparing the answers in test/golden/flink/. With --verify it writes nothing and fails when the page is out of
 * date.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {flinkTables, withFlinkTables} from './flinkFidelity.ts';
import {FIDELITY_PAGE, recordedRuns, withTables} from './parity/fidelityPage.ts';

const page = readFileSync(FIDELITY_PAGE, 'utf8');
const written = withFlinkTables(withTables(page, recordedRuns()), flinkTables());
if (process.argv.includes('--verify')) {
  if (page !== written) process.stderr.write('docs/fidelity.md is out of date: run npm run fidelity\n');
  process.exitCode = page === written ? 0 : 1;
} else if (page !== written) {
  writeFileSync(FIDELITY_PAGE, written);
  process.stdout.write('wrote docs/fidelity.md\n');
}
