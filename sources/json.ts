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

/** Keys that an object of a valid JSON text has already, of which JSON.parse keeps the last without a word. */
export function duplicateJsonKeys(
  text: string,
  value: unknown,
): readonly {readonly offset: number; readonly key: string}[] {
  // The common case costs two counts.
  if (countColons(text) === countMembers(value)) return [];
  const found: {offset: number; key: string}[] = [];
  const open: (Set<string> | null)[] = [];
  const tokens = new Tokens(text);
  let previous = {token: '', offset: 0};
  for (tokens.next(); tokens.token !== ''; tokens.next()) {
    const {token, offset} = tokens;
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(previous.token) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) found.push({offset: previous.offset, key});
      keys?.add(key);
    }
    previous = {token, offset};
  }
  return found;
}

function countColons(text: string): number {
  let colons = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x3a) colons++;
    if (character !== 0x22) continue;
    // To the quote that closes the string.
    for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
  }
  return colons;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countMembers(item), 0);
  let members = 0;
  for (const key in value) members += 1 + countMembers((value as Record<string, unknown>)[key]);
  return members;
}

/**
 * The offset of the key or item at the end of a path in a valid JSON text, or of its nearest existing parent. It reads
 * forward and stops at the place, so that a diagnostic about a dump of many megabytes does not build a tree of it.
 */
export function findJsonNode(text: string, path: readonly string[]): number {
  return findFrom(new Tokens(text), path);
}

/** Finds places in one text. Those of the items of a List are looked for once, as a dump has thousands of them. */
export class JsonPlaces {
  readonly #text: string;
  /** By item of the array at `/items`; undefined before the first is asked for. */
  #items: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** As `findJsonNode`. */
  find(path: readonly string[]): number {
    const [first, index = '', ...rest] = path;
    if (first !== 'items' || path.length < 2) return findJsonNode(this.#text, path);
    this.#items ??= itemOffsets(this.#text);
    const offset = /^\d+$/.test(index) ? this.#items[Number(index)] : undefined;
    return offset === undefined ? findJsonNode(this.#text, path) : findFrom(new Tokens(this.#text, offset), rest);
  }
}

function itemOffsets(text: string): readonly number[] {
  const tokens = new Tokens(text);
  tokens.next();
  const found = enter(tokens, 'items');
  const container = tokens.token;
  if (found === undefined || container !== '[') return [];
  const offsets: number[] = [];
  tokens.next();
  while (tokens.token !== ']' && tokens.token !== '') {
    offsets.push(tokens.offset);
    tokens.skipValue();
    if (tokens.token === ',') tokens.next();
  }
  return offsets;
}

function findFrom(tokens: Tokens, path: readonly string[]): number {
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

  constructor(text: string, start = 0) {
    this.#text = text;
    this.#pattern.lastIndex = start;
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
