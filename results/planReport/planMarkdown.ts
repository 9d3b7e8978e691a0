import {formatCount, printable} from '../format.ts';
import type {Table} from '../table.ts';
import type {Block} from './block.ts';
import type {PlanReport} from './planReport.ts';

/** A report on a plan as Markdown, for a ticket or a pull request; charts are given as their tables. */
export function planMarkdown({answer, figures, sections, subtitle, title}: PlanReport): string {
  const parts = [
    `# ${escaped(title)}`,
    escaped(subtitle),
    answer.map((line) => `- ${escaped(line)}`).join('\n'),
    figures
      .map(({title: name, figure, details}) => `**${name}** ${escaped(figure)} (${escaped(details.join(', '))})`)
      .join(' · '),
    ...sections.flatMap((section) => [`## ${section.title}`, ...section.blocks.map(blockText)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'facts':
      return block.facts.map(([term, text]) => `- **${term}**: ${escaped(text)}`).join('\n');
    case 'table':
      return tableText(block.table);
    case 'figure':
      return `### ${block.chart.title.text}\n\n${tableText(block.table)}`;
  }
}

function tableText({caption, columns, rows, total, more}: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const titles = columns.map(({title, group}) => (group === undefined ? title : `${group}: ${title}`));
  const rule = `|${columns.map(({align}) => (align === 'right' ? '---:' : '---')).join('|')}|`;
  const lines = [line(titles), rule, ...rows.map(line), ...(total === undefined ? [] : [line(total)])];
  const rest = more === 0 ? '' : `\n\n${formatCount(more)} more in the result file.`;
  return `${escaped(caption)}\n\n${lines.join('\n')}${rest}`;
}

/** Text of the input must not become markup; backticks of this program stay. */
function escaped(text: string): string {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? `\`${printable(part)}\`` : printable(part).replace(/[\\*_[\]<>|#~]/g, '\\$&'),
    )
    .join('');
}
