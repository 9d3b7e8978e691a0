import stringWidth from 'fast-string-width';
import {formatCount, formatPlural, formatResource, printable} from '../../results/format.ts';
import type {
  Choice,
  ExplainedNode,
  Explanation,
  NearestMiss,
  PreemptionReport,
  Remedy,
  RemedyEffect,
} from '../../simulator/explain/explanation.ts';
import {changeText, podText} from './changeText.ts';
import {groupKey, groupText, rejectionText} from './rejectionText.ts';
import type {Style} from './style.ts';
import {textTable} from './textTable.ts';
import {wrapText} from './wrapText.ts';

export interface ExplanationTextOptions {
  /** A row for every node, with every score. */
  readonly wide: boolean;
  /** Columns to keep within, where the names allow it. */
  readonly width: number;
  readonly currency: string | null;
}

/** Shown of each; -o wide and -o json have all of them. */
const SHOWN = {misses: 3, remedies: 6, alike: 2, groups: 8, names: 3, candidates: 4, totals: 8} as const;
const LABEL_WIDTH = 11;
const MARKS = {reported: '✗', also: '+', passes: '·'} as const;

/** Why a pod is where it is: the verdict, what would change it, and then how every node stood. */
export function explanationText(explanation: Explanation, style: Style, options: ExplanationTextOptions): string {
  const parts = [
    verdict(explanation, style, options),
    choiceText(explanation, style, options),
    missesText(explanation, style, options),
    remediesText(explanation, style, options),
    preemptionText(explanation, style, options),
    filterText(explanation, style, options),
    scoreText(explanation, style, options),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function verdict(explanation: Explanation, style: Style, {width, currency}: ExplanationTextOptions): string {
  const {pod, outcome, node, message, priority, requests, workload, attempts, moment, preemptionPolicy} = explanation;
  const verdicts = {
    placed: `is placed on node/${node}`,
    bound: `is bound to node/${node} by the input`,
    pending: 'is pending',
    gated: 'is held back by a scheduling gate',
    ignored: 'is left alone by the scheduler',
    evicted: 'is evicted',
    rejected: 'is rejected by the API server',
  };
  const asked = Object.entries(requests)
    .filter(([, amount]) => amount > 0)
    .map(([name, amount]) => `${name} ${formatResource(name, amount)}`);
  const of = `${workload.kind}/${workload.name}${workload.component === null ? '' : ` (${workload.component})`}`;
  const lines = [style.bold(printable(`${podText(pod)} ${verdicts[outcome]}`)), labelled('belongs to', of, width)];
  // Of a pod that was never made no more is known.
  if (outcome !== 'rejected' || moment.kind !== 'None') {
    lines.push(labelled('asks for', asked.join(', ') || 'nothing', width));
    lines.push(labelled('priority', `${priority}${preemptionPolicy === 'Never' ? ', never preempts' : ''}`, width));
  }
  if (message !== null) {
    const speaker = outcome === 'rejected' ? 'API server' : outcome === 'evicted' ? 'reason' : 'scheduler';
    lines.push(labelled(speaker, message, width));
  }
  if (moment.kind === 'Attempt') lines.push(labelled('attempt', attemptText(explanation, moment.attempt), width));
  if (moment.kind === 'AfterRun' && outcome === 'bound') {
    const {wouldGoTo} = moment;
    const same = wouldGoTo === node ? 'to the same node' : wouldGoTo === null ? 'nowhere' : `to node/${wouldGoTo}`;
    lines.push(
      labelled('scheduled', `not by this run; were it placed anew, it would go ${same}, as shown below`, width),
    );
  } else if (moment.kind === 'Admitted') {
    const changes = moment.changes.map((change) => changeText(change, currency)).join(', ');
    lines.push(labelled('scheduled', `not, as it was not created; below is how it would fare with: ${changes}`, width));
  } else if (moment.kind === 'AfterRun') {
    const changes = moment.changes.map((change) => changeText(change, currency)).join(', ');
    const how = changes === '' ? 'how it would fare after it by itself' : `how it would fare after it: ${changes}`;
    lines.push(labelled('scheduled', `not in this run; below is ${how}`, width));
  }
  for (const {plugin, reasons} of explanation.preFilter) {
    lines.push(labelled('PreFilter', `${plugin}: ${reasons.join(', ')}`, width));
  }
  const earlier = attempts.slice(0, -1).filter(({victims}) => victims.length > 0);
  for (const {victims, nominatedNode} of earlier) {
    lines.push(labelled('preempted', `${podsText(victims)} on node/${nominatedNode}`, width));
  }
  return `${lines.join('\n')}\n`;
}

function attemptText({attempts}: Explanation, index: number): string {
  const which = attempts.length === 1 ? 'the only one' : `${formatCount(index + 1)} of ${formatCount(attempts.length)}`;
  const {position} = attempts[index]!;
  const when = position === 0 ? 'the first of the run' : `after ${formatPlural(position, 'other')} in the run`;
  return `${which}, ${when}${index < attempts.length - 1 ? '; the last one took up the nomination' : ''}`;
}

/** Why this node, and how close it was. */
function choiceText({choice, nodes}: Explanation, style: Style, {width}: ExplanationTextOptions): string {
  if (choice === null) return '';
  const {kind, node, feasible, ties, runnerUp, left} = choice;
  const lines: string[] = [];
  if (kind === 'Nominated')
    lines.push(`node/${node}: the pod was nominated to it, and it still fits; no other is looked at`);
  else if (kind === 'OnlyOne')
    lines.push(`node/${node} is the only one of ${formatPlural(nodes.length, 'node')} that passes every filter`);
  else {
    const total = nodes[0]?.total ?? 0;
    lines.push(
      `node/${node} has the highest total, ${formatCount(total)}, of ${formatPlural(feasible, 'node')} that pass every filter`,
    );
  }
  if (ties.length > 0) lines.push(`as good as it: ${namesText(ties)} (--ties says which of equals is taken)`);
  if (runnerUp !== null)
    lines.push(
      `next is node/${runnerUp.node}, ${formatPlural(runnerUp.behind, 'point')} behind: ${differencesText(runnerUp)}`,
    );
  const free = Object.entries(left).map(([name, amount]) => `${name} ${formatResource(name, amount)}`);
  lines.push(`free there after it: ${free.join(', ')}`);
  return section(
    'Why there',
    lines.map((line) => wrapText('  ', line, width)),
    style,
  );
}

function differencesText({differences}: NonNullable<Choice['runnerUp']>): string {
  return differences
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .map(({plugin, points}) => `${plugin} ${points > 0 ? '+' : '−'}${formatCount(Math.abs(points))}`)
    .join(', ');
}

function missesText({nearestMisses, choice}: Explanation, style: Style, {width}: ExplanationTextOptions): string {
  if (choice !== null || nearestMisses.length === 0) return '';
  const shown = distinctMisses(nearestMisses).slice(0, SHOWN.misses);
  const widest = Math.min(28, Math.max(...shown.map(({node}) => node.length)));
  const lines = shown.map(({node, rejections}) =>
    wrapText(`  node/${printable(node).padEnd(widest)}  `, rejections.map(rejectionText).join('; and '), width),
  );
  return section(shown.length === 1 ? 'Nearest miss' : 'Nearest misses', lines, style);
}

/** The nearest of each sort: ten nodes with the same taint say no more than one of them. */
function distinctMisses(misses: readonly NearestMiss[]): readonly NearestMiss[] {
  const byKey = new Map<string, NearestMiss>();
  for (const miss of misses) if (!byKey.has(groupKey(miss))) byKey.set(groupKey(miss), miss);
  return [...byKey.values()];
}

function remediesText(explanation: Explanation, style: Style, options: ExplanationTextOptions): string {
  const {remedies, remediesInVain, outcome, workload} = explanation;
  if (remedies.length === 0) {
    if (outcome === 'placed' || outcome === 'bound' || outcome === 'evicted' || remediesInVain === 0) return '';
    const text = `nothing that was tried: ${formatPlural(remediesInVain, 'change')} simulated in vain`;
    return section('What would make it fit', [wrapText('  ', text, options.width)], style);
  }
  const shown = chosenRemedies(remedies);
  const lines = shown.flatMap((remedy, index) => remedyLines(remedy, index, options, style));
  const hidden = remedies.length - shown.length;
  if (hidden > 0) lines.push(`  and ${formatPlural(hidden, 'other way', 'other ways')}; -o json has all of them`);
  const all = workload.kind === 'Pod' ? '' : ` with it for all of ${workload.kind}/${workload.name}`;
  const note = `each simulated at that moment, then in the whole run${all}`;
  lines.push(style.dim(wrapText('  ', note, options.width)));
  return section('What would make it fit', lines, style);
}

/** Not the third of one sort. */
function chosenRemedies(remedies: readonly Remedy[]): readonly Remedy[] {
  const alike = new Map<string, number>();
  return remedies
    .filter(({changes}) => {
      const sort = changes.map(({kind}) => kind).join();
      alike.set(sort, (alike.get(sort) ?? 0) + 1);
      return alike.get(sort)! <= SHOWN.alike;
    })
    .slice(0, SHOWN.remedies);
}

function remedyLines(
  {changes, node, victims, effect}: Remedy,
  index: number,
  {width, currency}: ExplanationTextOptions,
  style: Style,
): readonly string[] {
  const text = changes.map((change) => changeText(change, currency)).join(', and ');
  const head = `  ${index + 1}. `;
  const lines = [wrapText(head, printable(`${text} → node/${node}`), width)];
  const notes = [
    ...(victims.length === 0 ? [] : [`evicts ${podsText(victims)}`]),
    ...(effect === null
      ? ['what else it changes was not simulated: the run is too large']
      : effectTexts(effect, victims)),
  ];
  if (notes.length > 0) lines.push(style.dim(wrapText(' '.repeat(head.length), printable(notes.join('; ')), width)));
  return lines;
}

function effectTexts(
  {kind, node, gained, lost, gainedExamples, lostExamples}: RemedyEffect,
  victims: readonly string[],
): readonly string[] {
  const isTold = lost <= victims.length && lostExamples.every((pod) => victims.includes(pod));
  const texts: string[] = [];
  if (node === null) {
    texts.push(kind === 'FromStart' ? 'but a run from the start puts other pods there first' : 'but not for long');
  }
  if (gained > 0) texts.push(`${countedPods(gained, gainedExamples)} ${gained === 1 ? 'fits' : 'fit'} as well`);
  if (lost > 0 && !isTold) texts.push(`${countedPods(lost, lostExamples)} no longer ${lost === 1 ? 'fits' : 'fit'}`);
  return texts;
}

function countedPods(count: number, examples: readonly string[]): string {
  return `${formatPlural(count, 'other pod')} (${examples.slice(0, 1).map(podText).join(', ')}${count > 1 ? ' …' : ''})`;
}

function preemptionText(
  {preemption, moment}: Explanation,
  style: Style,
  {width, wide}: ExplanationTextOptions,
): string {
  const {kind, message, excluded, nominatedNode} = preemption;
  if (kind === 'NotNeeded' || moment.kind === 'None') return '';
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(wrapText('  ', text, width));
  if (kind === 'NotTried') say('not tried');
  else if (kind === 'NotEligible') say(message ?? '');
  else if (kind === 'Nominated') lines.push(...candidateLines(preemption, nominatedNode, width, wide));
  else {
    say('no node where evicting pods of lower priority would make room');
    for (const {reason, nodes, examples} of excluded) {
      lines.push(
        wrapText(`  ${formatPlural(nodes, 'node').padStart(9)}  `, `${reason} (${namesText(examples, nodes)})`, width),
      );
    }
  }
  return section('Preemption', lines, style);
}

function candidateLines(
  {candidates, decidedBy}: PreemptionReport,
  nominatedNode: string | null,
  width: number,
  wide: boolean,
): readonly string[] {
  const shown = wide ? candidates : candidates.slice(0, SHOWN.candidates);
  const decided =
    decidedBy === null
      ? 'the only candidate'
      : `chosen of ${formatPlural(candidates.length, 'candidate')} by: ${decidedBy}`;
  const lines = [wrapText('  ', `nominated to node/${nominatedNode}, ${decided}`, width)];
  for (const {node, victims, violatedBudgets, lostBy} of shown) {
    const budgets = violatedBudgets === 0 ? '' : `, ${formatPlural(violatedBudgets, 'disruption budget')} violated`;
    const pods = victims.slice(0, SHOWN.names).map(({pod, priority}) => `${podText(pod)} (priority ${priority})`);
    const more = victims.length - pods.length;
    const text = `evict ${pods.join(', ')}${more > 0 ? ` and ${formatPlural(more, 'other')}` : ''}${budgets}`;
    const fate = lostBy === null ? '' : `; lost by: ${lostBy}`;
    lines.push(wrapText(`  ${lostBy === null ? '✓' : ' '} node/${node}  `, `${text}${fate}`, width));
  }
  const hidden = candidates.length - shown.length;
  if (hidden > 0) lines.push(`    and ${formatPlural(hidden, 'other candidate')}`);
  return lines;
}

/** The matrix of nodes and filters: nodes with the same verdicts in one row, unless wide. */
function filterText(explanation: Explanation, style: Style, options: ExplanationTextOptions): string {
  const {nodes, filterPlugins, idlePlugins, moment} = explanation;
  if (nodes.length === 0 || moment.kind === 'None') return '';
  const passing = nodes.filter(({feasible}) => feasible).length;
  const objecting = filterPlugins.filter((name) =>
    nodes.some(({rejections}) => rejections.some(({plugin}) => plugin === name)),
  );
  const title = `Filter: ${formatPlural(nodes.length, 'node')}, ${passing === 0 ? 'none passes' : `${formatCount(passing)} ${passing === 1 ? 'passes' : 'pass'}`}`;
  const lines = options.wide
    ? [filterTable(nodes, filterPlugins).trimEnd()]
    : groupLines(nodes, objecting, options.width, style);
  const quiet = filterPlugins.filter((name) => !objecting.includes(name));
  const unseen = nodes.filter(({visited}) => !visited).length;
  if (objecting.length > 0) {
    lines.push(
      style.dim(
        `  ${MARKS.reported} what kube-scheduler reports   ${MARKS.also} what it would find next   ${MARKS.passes} passes`,
      ),
    );
  }
  if (quiet.length > 0) lines.push(wrapText('  pass everywhere: ', quiet.join(', '), options.width));
  if (idlePlugins.length > 0) {
    const idle = options.wide ? idlePlugins.join(', ') : formatPlural(idlePlugins.length, 'other plugin');
    lines.push(wrapText('  nothing to check: ', idle, options.width));
  }
  if (unseen > 0 && explanation.preFilter.length === 0) {
    lines.push(`  ${formatPlural(unseen, 'node')} not looked at: the search had found enough`);
  }
  return section(title, lines, style);
}

function filterTable(nodes: readonly ExplainedNode[], plugins: readonly string[]): string {
  return textTable(
    [
      {title: 'NODE', align: 'left'},
      ...plugins.map((title) => ({title, align: 'left' as const})),
      {title: 'WHY', align: 'left'},
    ],
    nodes.map(({node, rejections}) => [
      node,
      ...plugins.map((name) => markOf(rejections, name)),
      rejections.map(rejectionText).join('; '),
    ]),
    '  ',
  );
}

function groupLines(
  nodes: readonly ExplainedNode[],
  plugins: readonly string[],
  width: number,
  style: Style,
): string[] {
  const groups = [...Map.groupBy(nodes, (node) => (node.rejections.length === 0 ? '' : groupKey(node))).values()];
  const shown = groups.slice(0, SHOWN.groups);
  const table = groupTable(shown, plugins);
  // Too many plugins to stand side by side: the lines below each group name them as well.
  const [head = '', ...body] = stringWidth(table[0]!) <= width ? table : groupTable(shown, []);
  const lines = [head];
  for (const [i, group] of shown.entries()) {
    lines.push(body[i]!);
    for (const [position, {plugin, reported}] of group[0]!.rejections.entries()) {
      const text = groupText(group.map(({rejections}) => rejections[position]!));
      const mark = reported ? MARKS.reported : MARKS.also;
      lines.push(style.dim(wrapText(`         ${mark} `, printable(`${plugin}: ${text}`), width)));
    }
  }
  const hidden = groups.slice(SHOWN.groups);
  if (hidden.length > 0) {
    const count = hidden.reduce((sum, group) => sum + group.length, 0);
    lines.push(
      `  and ${formatPlural(count, 'other node')} in ${formatPlural(hidden.length, 'group')}; -o wide has a row for each`,
    );
  }
  return lines;
}

function groupTable(groups: readonly (readonly ExplainedNode[])[], plugins: readonly string[]): readonly string[] {
  const columns = [
    {title: 'NODES', align: 'right' as const},
    {title: 'NAMES', align: 'left' as const},
    ...plugins.map((title) => ({title, align: 'left' as const})),
  ];
  const rows = groups.map((group) => [
    formatCount(group.length),
    namesText([group[0]!.node], group.length),
    ...plugins.map((name) => markOf(group[0]!.rejections, name)),
  ]);
  return textTable(columns, rows, '  ').trimEnd().split('\n');
}

function markOf(rejections: ExplainedNode['rejections'], name: string): string {
  const rejection = rejections.find(({plugin}) => plugin === name);
  return rejection === undefined ? MARKS.passes : rejection.reported ? MARKS.reported : MARKS.also;
}

/** The matrix of nodes and scores: the best ones plugin by plugin, then all by their total. */
function scoreText({nodes, choice}: Explanation, style: Style, {width, wide}: ExplanationTextOptions): string {
  const scored = nodes.filter(({total}) => total !== null);
  if (scored.length === 0 || choice === null) return '';
  const title = `Score: ${formatPlural(scored.length, 'node')}, raw → normalised × weight = weighted`;
  if (wide) return section(title, [scoreTable(scored).trimEnd()], style);
  const runnerUp = scored.find(({node}) => node === choice.runnerUp?.node);
  const compared = runnerUp === undefined ? scored.slice(0, 2) : [scored[0]!, runnerUp];
  const totals = [...Map.groupBy(scored, ({total}) => total!)].toSorted(([a], [b]) => b - a);
  const ranking = textTable(
    [
      {title: 'TOTAL', align: 'right'},
      {title: 'NODES', align: 'right'},
      {title: 'NAMES', align: 'left'},
    ],
    totals
      .slice(0, SHOWN.totals)
      .map(([total, group]) => [formatCount(total), formatCount(group.length), namesText(group.map(({node}) => node))]),
    '  ',
  );
  const hidden = totals.slice(SHOWN.totals).reduce((sum, [, group]) => sum + group.length, 0);
  return section(
    title,
    [
      comparison(compared).trimEnd(),
      '',
      ranking.trimEnd(),
      ...(hidden === 0
        ? []
        : [wrapText('  ', `and ${formatPlural(hidden, 'node')} below; -o wide has a row for each`, width)]),
    ],
    style,
  );
}

function comparison(nodes: readonly ExplainedNode[]): string {
  const [best, next] = nodes;
  const rows = best!.scores.map(({plugin, raw, normalized, weight, weighted}, i) => {
    const other = next?.scores[i];
    return [
      plugin,
      `${number(raw)} → ${number(normalized)} × ${weight} =`,
      formatCount(weighted),
      ...(other === undefined
        ? []
        : [`${number(other.raw)} → ${number(other.normalized)} × ${weight} =`, formatCount(other.weighted)]),
    ];
  });
  const total = ['total', '', formatCount(best!.total!), ...(next === undefined ? [] : ['', formatCount(next.total!)])];
  return textTable(
    [
      {title: 'PLUGIN', align: 'left'},
      ...nodes.flatMap(({node}) => [
        {title: node, align: 'right' as const},
        {title: '', align: 'right' as const},
      ]),
    ],
    [...rows, total],
    '  ',
  );
}

function scoreTable(nodes: readonly ExplainedNode[]): string {
  return textTable(
    [
      {title: 'NODE', align: 'left'},
      {title: 'TOTAL', align: 'right'},
      ...nodes[0]!.scores.map(({plugin, weight}) => ({title: `${plugin}×${weight}`, align: 'right' as const})),
    ],
    nodes.map(({node, total, scores}) => [
      node,
      formatCount(total!),
      ...scores.map(({raw, normalized, weighted}) => `${number(raw)}→${number(normalized)}=${formatCount(weighted)}`),
    ]),
    '  ',
  );
}

/** Raw scores may be large or have decimals. */
function number(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(2);
}

function labelled(label: string, text: string, width: number): string {
  return wrapText(`  ${label.padEnd(LABEL_WIDTH)}`, printable(text), width);
}

function section(title: string, lines: readonly string[], style: Style): string {
  return `${style.bold(title)}\n${lines.join('\n')}\n`;
}

/** A few names, and how many more there are. */
function namesText(names: readonly string[], count = names.length): string {
  const shown = names.slice(0, SHOWN.names);
  const more = count - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

function podsText(pods: readonly string[]): string {
  const more = pods.length - SHOWN.names;
  return `${pods.slice(0, SHOWN.names).map(podText).join(', ')}${more > 0 ? ` and ${formatPlural(more, 'other')}` : ''}`;
}
