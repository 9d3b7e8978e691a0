/** Lists and maps inside one value of Flink's configuration, with its quoting: `a:b,c:'d,e'`. */
import {illegalArgument} from './javaFailure.ts';

interface Token {
  readonly kind: 'quoted' | 'plain' | 'delimiter';
  readonly text: string;
  readonly position: number;
}

export function splitEscaped(text: string, delimiter: string): readonly string[] {
  const tokens = tokenize(text, delimiter);
  return tokens.flatMap(({kind, text: value}, index) => {
    const next = tokens[index + 1];
    if (kind === 'delimiter') return next?.kind === 'delimiter' ? [''] : [];
    if (kind === 'quoted' && next !== undefined && next.kind !== 'delimiter') {
      throw illegalArgument(`Could not split string. Illegal quoting at position: ${next.position - 1}`);
    }
    return [value];
  });
}

export function parseMap(text: string): Readonly<Record<string, string>> {
  const pairs = splitEscaped(text, ',').map((item) => splitEscaped(item, ':'));
  const entries = new Map<string, string>();
  for (const pair of pairs) {
    const [key, value] = pair;
    if (pair.length !== 2 || key === undefined || value === undefined) {
      throw illegalArgument("Map item is not a key-value pair (missing ':'?)");
    }
    entries.set(key, value);
  }
  return Object.fromEntries(entries);
}

function tokenize(text: string, delimiter: string): readonly Token[] {
  const tokens: Token[] = [];
  let cursor = 0;
  while (cursor < text.length) {
    const character = text[cursor]!;
    if (character === "'" || character === '"') {
      const {value, end} = quoted(text, character, cursor);
      tokens.push({kind: 'quoted', text: value, position: cursor});
      cursor = end;
    } else if (character === delimiter) {
      tokens.push({kind: 'delimiter', text: character, position: cursor});
      cursor++;
    } else if (/\s/.test(character)) {
      cursor++;
    } else {
      const found = text.indexOf(delimiter, cursor);
      const end = found < 0 ? text.length : found;
      tokens.push({kind: 'plain', text: text.slice(cursor, end).trim(), position: cursor});
      cursor = end;
    }
  }
  return tokens;
}

/** A doubled quote stands for one inside the text. */
function quoted(text: string, quote: string, start: number): {readonly value: string; readonly end: number} {
  let value = '';
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index]!;
    if (character !== quote) value += character;
    else if (text[index + 1] === quote) {
      value += quote;
      index++;
    } else return {value, end: index + 1};
  }
  throw illegalArgument('Could not split string. Quoting was not closed properly.');
}
