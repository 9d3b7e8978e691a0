import {type Html, html} from '../html.ts';
import type {Block} from '../planReport/block.ts';
import type {PlanReport, Section} from '../planReport/planReport.ts';
import {htmlPage, keyFigureList, renderFigure, renderTable} from './htmlParts.ts';

/** A report on a plan as one page: no script, no request, every text of the input escaped. */
export async function planHtml({answer, figures, isGood, sections, subtitle, title}: PlanReport): Promise<string> {
  const body = await Promise.all(sections.map(renderSection));
  return htmlPage(
    title,
    html`<header>
<h1>${title}</h1>
<p class="subtle">${subtitle}</p>
<div class="answer">
${answer.map((line, index) => html`<p class="verdict${index === 0 && !isGood ? ' bad' : ''}">${line}</p>\n`)}</div>
${keyFigureList(figures)}
</header>
<main>
${body}
</main>
`,
  );
}

async function renderSection({title, blocks}: Section): Promise<Html> {
  const rendered = await Promise.all(blocks.map(renderBlock));
  return html`<h2>${title}</h2>
${rendered}`;
}

async function renderBlock(block: Block): Promise<Html> {
  switch (block.kind) {
    case 'text':
      return html`<p>${withCode(block.text)}</p>\n`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${withCode(item)}</li>\n`)}</ul>\n`;
    case 'facts':
      return html`<dl class="facts">${block.facts.map(([term, text]) => html`<dt>${term}</dt><dd>${withCode(text)}</dd>\n`)}</dl>\n`;
    case 'table':
      return renderTable(block.table);
    case 'figure':
      return await renderFigure(block);
  }
}

/** What stands between backticks is set as code. */
function withCode(text: string): readonly Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
