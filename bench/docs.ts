/** Writes the figures of docs/benchmarks/ into docs/performance.md and draws its plot: `npm run bench:docs`. */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {renderSvg} from '../results/node/renderSvg.ts';
import {growthChart} from './growthChart.ts';
import {readRecord, withFigures} from './page.ts';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));
const PAGE = join(DOCS, 'performance.md');

writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), join(DOCS, 'benchmarks')));
const chart = await renderSvg(growthChart(readRecord(join(DOCS, 'benchmarks'), 'growth')));
writeFileSync(join(DOCS, 'images/performance-growth.svg'), `${chart}\n`);
