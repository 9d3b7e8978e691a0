/** Integers of 16 digits and more, of which a double may not hold every digit. */
const WIDE_INTEGER = /[:[,]\s*-?\d{16}/;

/** A JSON text's value, or undefined when it is not JSON. Integers that a double cannot hold are kept as their text. */
export function parseJson(text: string): {readonly value: unknown} | undefined {
  try {
    return {value: WIDE_INTEGER.test(text) ? JSON.parse(text, keepWideInteger) : JSON.parse(text)};
  } catch {
    return undefined;
  }
}

function keepWideInteger(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

/**
 * The offset of the key or item at the end of a path in a valid JSON text, or of its nearest existing parent. It reads
 * forward and stops at the place, so that a diagnostic about a dump of many megabytes does not build a tree of it.
 */
export function findJsonNode(text: string, path: readonly string[]): number {
  const tokens = new Tokens(text);
  tokens.next();
  let place = tokens.offset;
  for (const segment of path) {
    const found = enter(tokens, segment);
    if (found === undefined) break;
    place = found;
  }
  return place;
}

/** From the start of a container to the value of a member, where the tokens stand afterwards; the member's offset. */
function enter(tokens: Tokens, segment: string): number | undefined {
  const container = tokens.token;
  if (container !== '{' && container !== '[') return undefined;
  tokens.next();
  for (let index = 0; tokens.token !== '}' && tokens.token !== ']' && tokens.token !== ''; index++) {
    const offset = tokens.offset;
    const name = container === '{' ? (JSON.parse(tokens.token) as string) : String(index);
    if (container === '{') {
      tokens.next(); // the colon
      tokens.next();
    }
    if (name === segment) return offset;
    tokens.skipValue();
    if (tokens.token === ',') tokens.next();
  }
  return undefined;
}

class Tokens {
  readonly #text: string;
  readonly #pattern = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/y;
  token = '';
  offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Moves on; the token is empty at the end. */
  next(): void {
    const token = this.#pattern.exec(this.#text)?.[1] ?? '';
    this.token = token;
    this.offset = this.#pattern.lastIndex - token.length;
  }

  /** From the first token of a value to the one behind it. */
  skipValue(): void {
    let depth = 0;
    do {
      if (this.token === '{' || this.token === '[') depth++;
      else if (this.token === '}' || this.token === ']') depth--;
      this.next();
    } while (depth > 0 && this.token !== '');
  }
}
