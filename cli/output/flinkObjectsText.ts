import type {Download} from '../../flink/downloads.ts';
import {downtimeOf, type LifecycleEvent, type PodCounts, peakOf} from '../../flink/lifecycle/lifecycleEvent.ts';
import {formatQuantity} from '../../model/quantity.ts';
import type {Quantities} from '../../model/resources.ts';
import {formatCount, formatPlural} from '../../results/format.ts';
import type {ObjectsItem, PodsRow} from '../commands/flink/objectsItem.ts';
import type {Style} from './style.ts';
import {type TextColumn, textTable} from './textTable.ts';

const COLUMNS: readonly TextColumn[] = [
  {title: 'KIND', align: 'left'},
  {title: 'NAME', align: 'left'},
  {title: 'PODS', align: 'right'},
  {title: 'CPU', align: 'right'},
  {title: 'MEMORY', align: 'right'},
  {title: 'CPU-LIMIT', align: 'right'},
  {title: 'MEMORY-LIMIT', align: 'right'},
  {title: 'SLOTS', align: 'right'},
];

const DOWNLOAD_COLUMNS: readonly TextColumn[] = [
  {title: 'WHAT', align: 'left'},
  {title: 'BY', align: 'left'},
  {title: 'CONTAINER', align: 'left'},
  {title: 'VARIABLE', align: 'left'},
  {title: 'TIMES', align: 'right'},
  {title: 'WHEN', align: 'left'},
];

/** One resource: its objects with what one pod of each asks for, and who downloads what. */
export function flinkObjectsText(item: ObjectsItem, style: Style): string {
  const {object, operator, isChosen, rows, supporting, notes} = item;
  const by = isChosen ? operator : `${operator} (by the resource; --operator asks another)`;
  const head = `${style.bold(object)}, operator ${by}`;
  const objects = [
    ...rows.map(podsCells),
    ...supporting.map(({kind, metadata: {name = ''}}) => [kind, name, ...Array(6).fill('-')]),
  ];
  const sections = [`${head}: ${summary(item, style)}\n`];
  if (objects.length > 0) sections.push(`${textTable(COLUMNS, objects)}${style.dim(`  ${AMOUNTS}\n`)}`);
  if (item.downloads.length > 0) {
    const cells = textTable(DOWNLOAD_COLUMNS, item.downloads.map(downloadCells), '  ');
    sections.push(`${style.bold('Downloads')}\n${cells}`);
  }
  if (item.lifecycle.length > 0) {
    const cells = textTable(LIFECYCLE_COLUMNS, item.lifecycle.map(lifecycleCells), '  ');
    sections.push(`${style.bold('Over its life')}\n${cells}${style.dim(`  ${COUNTS}\n`)}`);
  }
  if (notes.length > 0) sections.push(`${style.bold('Remarks')}\n${notes.map((note) => `  ${note}\n`).join('')}`);
  return sections.join('\n');
}

const LIFECYCLE_COLUMNS: readonly TextColumn[] = [
  {title: 'EVENT', align: 'left'},
  {title: 'PEAK', align: 'right'},
  {title: 'AFTER', align: 'right'},
  {title: 'DOWN', align: 'right'},
  {title: 'HOW', align: 'left'},
];

const COUNTS =
  'JobManagers/TaskManagers/submitters at most and after; seconds without progress, -o json says what they rest on';

function lifecycleCells(event: LifecycleEvent): readonly string[] {
  const {kind, mode, steps} = event;
  const down = downtimeOf(event);
  const isEnd = kind === 'JobSucceeds' || kind === 'JobFails' || kind === 'JobCancelled';
  return [
    kind,
    countsText(peakOf(event)),
    countsText(steps.at(-1)!.held),
    isEnd ? '-' : down === null ? 'for good' : formatCount(down),
    mode,
  ];
}

function countsText({jobManagers, taskManagers, submitters}: PodCounts): string {
  return `${jobManagers}/${taskManagers}/${submitters}`;
}

const AMOUNTS = 'cpu and memory are the requests of one pod, all its containers together';

function summary({rows, supporting, slots}: ObjectsItem, style: Style): string {
  const count = rows.reduce((sum, {kind, pods}) => sum + (kind === 'Pod' ? pods : 1), 0) + supporting.length;
  if (count === 0) return 'makes no objects';
  const made = style.green(`✓ ${formatPlural(count, 'object')}`);
  if (slots === null) return made;
  const used = slots.used === null ? '' : `, ${slots.used} used by the job`;
  return `${made}, ${formatPlural(slots.total, 'slot')}${used}`;
}

function podsCells({kind, names, pods, requests, limits, slots}: PodsRow): readonly string[] {
  const name = names.length === 1 ? names[0] : `${names[0]}…${/\d+$/.exec(names[1])?.[0] ?? names[1]}`;
  const amounts = [requests, limits].flatMap((list) => [amount(list, 'cpu'), amount(list, 'memory')]);
  return [kind, name, String(pods), ...amounts, slots === null ? '-' : String(slots)];
}

function amount(list: Quantities | null, name: string): string {
  const quantity = list?.get(name);
  return quantity === undefined ? '-' : formatQuantity(quantity);
}

function downloadCells({what, by, container, variable, times, when}: Download): readonly string[] {
  return [what ?? 'unknown', by, container ?? '-', variable ?? '-', times === null ? '?' : String(times), when];
}
