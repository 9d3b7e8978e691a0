/** Addresses as `java.net.URI` and `java.net.URL` read them, with their words for what they refuse. */

export interface JavaUri {
  readonly scheme: string | undefined;
  /** Undefined for an authority that names no server, such as `a_b`. */
  readonly host: string | undefined;
  readonly path: string;
}

export type JavaUriResult = JavaUri | {readonly error: string};

/** Unreserved characters, those that separate parts, and everything beyond ASCII that is not blank. */
const PATH = /[\w\-.!~*'():@&=+$,;/]|[^\0- \x7f-\xa0\x21-\x7e]/u;
const QUERY = /[\w\-.!~*'():@&=+$,;/?[\]]|[^\0- \x7f-\xa0\x21-\x7e]/u;
const REGISTRY = /^(?:[\w\-.!~*'()$,;:@&=+[\]]|%[\da-fA-F]{2}|[^\0- \x7f-\xa0\x21-\x7e])*$/u;

class SyntaxFailure extends Error {}

export function parseJavaUri(text: string): JavaUriResult {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof SyntaxFailure) return {error: `${error.message}: ${text}`};
    throw error;
  }
}

function parse(text: string): JavaUri {
  const colon = text.search(/[:/?#]/);
  if (colon < 0 || text[colon] !== ':') return {scheme: undefined, ...hierarchical(text, 0)};
  if (colon === 0) fail('Expected scheme name', 0);
  const scheme = text.slice(0, colon);
  const bad = scheme.search(/^[^a-zA-Z]|[^a-zA-Z\d+\-.]/);
  if (bad >= 0) fail('Illegal character in scheme name', bad);
  const start = colon + 1;
  if (text[start] === '/') return {scheme, ...hierarchical(text, start)};
  const end = endOf(text, start, '#');
  if (end === start) fail('Expected scheme-specific part', start);
  check(text, start, end, QUERY, 'opaque part');
  fragment(text, end);
  return {scheme, host: undefined, path: ''};
}

function hierarchical(text: string, start: number): Omit<JavaUri, 'scheme'> {
  let position = start;
  let host: string | undefined;
  if (text.startsWith('//', start)) {
    position = start + 2;
    const end = endOf(text, position, '/?#');
    if (end > position) host = serverOf(text, position, end);
    else if (end === text.length) fail('Expected authority', position);
    position = end;
  }
  const pathEnd = endOf(text, position, '?#');
  check(text, position, pathEnd, PATH, 'path');
  const path = text.slice(position, pathEnd);
  if (text[pathEnd] !== '?') {
    fragment(text, pathEnd);
    return {host, path};
  }
  const queryEnd = endOf(text, pathEnd, '#');
  check(text, pathEnd + 1, queryEnd, QUERY, 'query');
  fragment(text, queryEnd);
  return {host, path};
}

function fragment(text: string, start: number): void {
  if (text[start] === '#') check(text, start + 1, text.length, QUERY, 'fragment');
}

const SERVER = /^(?:[^@[\]]*@)?(\[[^\]]*\]|[^:@[\]]*)(?::(\d{0,9}))?$/;

/** The host of an authority, or none where it is a mere name in some registry. */
function serverOf(text: string, start: number, end: number): string | undefined {
  const authority = text.slice(start, end);
  if (authority.includes('[')) {
    const address = /\[([^\]%]*)(?:%[^\]]*)?\]/.exec(authority)?.[1];
    if (address === undefined || parseIpv6(address) === undefined) {
      fail('Malformed IPv6 address', start + authority.indexOf('[') + 1);
    }
  }
  const host = SERVER.exec(authority)?.[1];
  if (host !== undefined && isHost(host)) return host;
  if (!REGISTRY.test(authority)) fail('Illegal character in authority', start);
  return undefined;
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return true;
  if (parseIpv4(host)?.strict === true) return true;
  return /^(?:[a-zA-Z\d](?:[a-zA-Z\d-]*[a-zA-Z\d])?\.)*[a-zA-Z](?:[a-zA-Z\d-]*[a-zA-Z\d])?\.?$/.test(host);
}

function check(text: string, start: number, end: number, allowed: RegExp, part: string): void {
  for (let index = start; index < end; index++) {
    const character = text[index]!;
    if (character === '%') {
      if (!/^[\da-fA-F]{2}$/.test(text.slice(index + 1, Math.min(index + 3, end)))) {
        fail('Malformed escape pair', index);
      }
      index += 2;
    } else if (!allowed.test(character)) {
      fail(`Illegal character in ${part}`, index);
    }
  }
}

function endOf(text: string, start: number, stops: string): number {
  for (let index = start; index < text.length; index++) if (stops.includes(text[index]!)) return index;
  return text.length;
}

function fail(reason: string, index: number): never {
  throw new SyntaxFailure(`${reason} at index ${index}`);
}

/** What `new URL(text)` says of a text it cannot read; undefined for one that it can. */
export function javaUrlError(text: string): string | undefined {
  const scheme = /^\s*([a-zA-Z][a-zA-Z\d+\-.]*):/.exec(text)?.[1];
  if (scheme === undefined) return `no protocol: ${text}`;
  if (!/^(?:https?|ftp|file|jar|mailto|jmod|jrt)$/i.test(scheme)) return `unknown protocol: ${scheme.toLowerCase()}`;
  const rest = text
    .trim()
    .slice(scheme.length + 1)
    .split('#')[0]!;
  if (!rest.startsWith('//')) return undefined;
  const authority = rest.slice(2, endOf(rest, 2, '/?'));
  const at = authority.indexOf('@');
  if (at >= 0 && at !== authority.lastIndexOf('@')) return undefined;
  const server = authority.slice(at + 1);
  if (server.startsWith('[')) return bracketedError(server, authority);
  const colon = server.indexOf(':');
  return colon < 0 ? undefined : portError(server.slice(colon + 1));
}

function bracketedError(server: string, authority: string): string | undefined {
  const close = server.indexOf(']');
  if (close <= 2) return `Invalid authority field: ${authority}`;
  const host = server.slice(0, close + 1);
  if (parseIpv6(host.slice(1, -1).replace(/%.*$/, '')) === undefined) return `Invalid host: ${host}`;
  const after = server.slice(close + 1);
  if (after === '') return undefined;
  return after.startsWith(':') ? portError(after.slice(1)) : `Invalid authority field: ${authority}`;
}

function portError(port: string): string | undefined {
  if (port === '') return undefined;
  const digits = /^[+-]?\d*/.exec(port)![0];
  if (digits.length < port.length || /^[+-]?$/.test(digits)) {
    return `Error at index ${digits.length} in: "${port}"`;
  }
  const value = Number(port);
  if (value < -(2 ** 31) || value >= 2 ** 31)
    return `Error at index ${port.length - (port.length > 10 ? 2 : 1)} in: "${port}"`;
  return value < -1 ? `Invalid port number :${value}` : undefined;
}

/** Four bytes of an address, written with one to four numbers; strict where it is four. */
export function parseIpv4(
  text: string,
): {readonly bytes: readonly [number, number, number, number]; readonly strict: boolean} | undefined {
  if (!/^\d{1,10}(?:\.\d{1,10}){0,3}$/.test(text)) return undefined;
  const numbers = text.split('.').map(Number);
  const last = numbers.at(-1)!;
  const leading = numbers.slice(0, -1);
  if (leading.some((number) => number > 255) || last >= 256 ** (4 - leading.length)) return undefined;
  const rest = Array.from(
    {length: 4 - leading.length},
    (_, index) => Math.floor(last / 256 ** (3 - leading.length - index)) % 256,
  );
  const [a = 0, b = 0, c = 0, d = 0] = [...leading, ...rest];
  return {bytes: [a, b, c, d], strict: numbers.length === 4};
}

/** Eight groups of 16 bits. */
export function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.includes(':::')) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(groupsOf)));
  const [head = [], tail] = groups;
  const all = [...head, ...(tail ?? [])];
  if (all.some((group) => !(group >= 0 && group <= 0xffff))) return undefined;
  if (tail === undefined) return all.length === 8 ? all : undefined;
  if (all.length > 7) return undefined;
  return [...head, ...Array.from({length: 8 - all.length}, () => 0), ...tail];
}

function groupsOf(part: string): readonly number[] {
  if (part.includes('.')) {
    const address = parseIpv4(part);
    if (address?.strict !== true) return [Number.NaN];
    const [a, b, c, d] = address.bytes;
    return [a * 256 + b, c * 256 + d];
  }
  return [/^[\da-fA-F]{1,4}$/.test(part) ? Number.parseInt(part, 16) : Number.NaN];
}
