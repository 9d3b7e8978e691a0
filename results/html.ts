import {printable} from './format.ts';

/** Markup that may be put into a page as it is. Only `html` and `trustedHtml` make it. */
export interface Html {
  readonly markup: string;
}

type Insertion = string | number | Html | readonly Insertion[];

/** A template for HTML that escapes every text put into it: ``html`<td>${name}</td>` ``. Lists are joined. */
export function html(parts: TemplateStringsArray, ...insertions: readonly Insertion[]): Html {
  return {
    markup: parts.map((part, index) => part + (index < insertions.length ? toMarkup(insertions[index]!) : '')).join(''),
  };
}

/** Markup made by this program, not by the user: style sheets and drawings. */
export function trustedHtml(markup: string): Html {
  return {markup};
}

function toMarkup(insertion: Insertion): string {
  if (typeof insertion === 'number') return String(insertion);
  if (typeof insertion === 'string')
    return printable(insertion).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
  return 'markup' in insertion ? insertion.markup : insertion.map(toMarkup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
