/** An item of the top-level list `items` of a JSON text: its bytes and where it begins. */
export interface ListItem {
  readonly bytes: Uint8Array;
  /** In bytes from the beginning of the text. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
}

/** What a text holds beside its items. */
export interface ListFrame {
  /** The text with an empty list in place of the items. */
  readonly bytes: Uint8Array;
  /** Whether the text ended before its last bracket was closed. */
  readonly isCut: boolean;
  /** Where the text ends. */
  readonly line: number;
  readonly column: number;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const ITEMS = new TextEncoder().encode('items');

/**
 * Cuts a JSON object, given piece by piece, into the items of its list `items` and the rest. It looks at strings and
 * brackets only, so that whether a piece is JSON is for its reader to find out. O(1) memory beside the item in hand.
 */
export class JsonListSplitter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Bytes of the last string of the outermost level that agree with `items`; -1 when it is another one. */
  #matched = -1;
  #inItems = false;
  #afterComma = false;
  #inItem = false;
  #parts: Uint8Array[] = [];
  #frame: Uint8Array[] = [];
  /** Of the piece in hand, in the text. */
  #offset = 0;
  #line = 1;
  #lineStart = 0;
  /** How many bytes the current line has beyond its code units. */
  #surplus = 0;
  #start = {offset: 0, line: 1, column: 1};

  /** The items that end in this piece. Their bytes are good until the piece is overwritten. */
  push(chunk: Uint8Array): ListItem[] {
    const found: ListItem[] = [];
    // Of the frame or of the item, whichever the splitter is in, what is not kept yet.
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (this.#inString) {
        i = this.#skipString(chunk, i);
        continue;
      }
      const byte = chunk[i]!;
      if (byte === NEWLINE) {
        this.#line++;
        this.#lineStart = this.#offset + i + 1;
        this.#surplus = 0;
        i = skipBlanks(chunk, i);
        continue;
      }
      if (isBlank(byte)) continue;
      const isListLevel = this.#inItems && this.#depth === 2;
      if (isListLevel && (byte === COMMA || byte === CLOSE_LIST)) {
        if (this.#inItem) found.push(this.#finish(chunk.subarray(from, i)));
        // A comma too many: an item of no bytes, which is no JSON.
        else if (byte === COMMA || this.#afterComma) found.push({bytes: new Uint8Array(), ...this.#place(i)});
        this.#afterComma = byte === COMMA;
        this.#inItem = false;
      } else if (isListLevel && !this.#inItem) {
        this.#inItem = true;
        this.#start = this.#place(i);
        from = i;
      }
      if (byte === QUOTE) {
        this.#inString = true;
        if (this.#depth === 1) this.#matched = 0;
      } else if (byte === OPEN_MAP || byte === OPEN_LIST) {
        this.#depth++;
        if (byte === OPEN_LIST && this.#depth === 2 && this.#matched === ITEMS.length) {
          this.#inItems = true;
          this.#afterComma = false;
          this.#frame.push(chunk.slice(from, i + 1));
        }
      } else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
        this.#depth--;
        if (this.#inItems && this.#depth === 1) {
          this.#inItems = false;
          this.#matched = -1;
          from = i;
        }
      } else if (byte === COMMA && this.#depth === 1) this.#matched = -1;
    }
    if (this.#inItem) this.#parts.push(chunk.slice(from));
    else if (!this.#inItems) this.#frame.push(chunk.slice(from));
    this.#offset += chunk.length;
    return found;
  }

  /** From inside a string to its closing quote, or to the end of the piece; most bytes of a text are in strings. */
  #skipString(chunk: Uint8Array, start: number): number {
    const isOutermost = this.#depth === 1;
    let escaped = this.#escaped;
    let i = start;
    for (; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        break;
      } else if (byte >= 0x80) this.#surplus += byte < 0xc0 ? 1 : byte >= 0xf0 ? -1 : 0;
      if (isOutermost) this.#matched = byte === ITEMS[this.#matched] ? this.#matched + 1 : -1;
    }
    this.#escaped = escaped;
    return i;
  }

  end(): ListFrame {
    const {line, column} = this.#place(0);
    return {bytes: joined(this.#frame), isCut: this.#depth > 0 || this.#inString, line, column};
  }

  #finish(rest: Uint8Array): ListItem {
    const bytes = this.#parts.length === 0 ? rest : joined([...this.#parts, rest]);
    this.#parts = [];
    return {bytes, ...this.#start};
  }

  #place(index: number): {offset: number; line: number; column: number} {
    const offset = this.#offset + index;
    return {offset, line: this.#line, column: offset - this.#lineStart - this.#surplus + 1};
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09;
}

/** From a line break to the last blank of the indentation after it. */
function skipBlanks(chunk: Uint8Array, start: number): number {
  let i = start;
  while (i + 1 < chunk.length && isBlank(chunk[i + 1]!)) i++;
  return i;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
