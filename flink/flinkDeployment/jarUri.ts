import {parseIpv4, parseIpv6, parseJavaUri} from './javaUri.ts';

const ALLOWED_SCHEMES = 'kubernetes.operator.user.artifacts.allowed-schemes';

export interface JarPolicy {
  readonly allowedSchemes: readonly string[];
  readonly disallowRestrictedHosts: boolean;
}

/**
 * What the operator has against fetching a session job's jar. Names are not looked up: one that the world's name
 * service knows, or may know, is taken to lead to a public address.
 */
export function jarUriError(text: string, {allowedSchemes, disallowRestrictedHosts}: JarPolicy): string | undefined {
  const uri = parseJavaUri(text);
  if ('error' in uri) return `jarURI is not a valid URI: ${uri.error}`;
  const {scheme, host} = uri;
  if (scheme === undefined) return 'jarURI must include a scheme';
  const allowed = [...new Set(allowedSchemes.map((name) => name.toLowerCase()))];
  if (!allowed.includes(scheme.toLowerCase())) {
    return `jarURI scheme '${scheme}' is not in the allowlist [${allowed.join(', ')}]. Configure '${ALLOWED_SCHEMES}' to extend the allowlist.`;
  }
  if (!/^https?$/i.test(scheme) || !disallowRestrictedHosts) return undefined;
  if (host === undefined || host === '') return 'jarURI must include a host for http/https schemes';
  switch (hostKind(host)) {
    case 'unknown':
      return `jarURI host '${host}' cannot be resolved`;
    case 'restricted':
      return `jarURI host '${host}' resolves to a restricted address`;
    case 'public':
      return undefined;
  }
}

type HostKind = 'public' | 'restricted' | 'unknown';

function hostKind(host: string): HostKind {
  const ipv4 = parseIpv4(host);
  if (ipv4 !== undefined) return isRestrictedIpv4(ipv4.bytes) ? 'restricted' : 'public';
  if (host.startsWith('[')) {
    const groups = parseIpv6(host.slice(1, -1).replace(/%.*$/, '')) ?? [];
    return isRestrictedIpv6(groups) ? 'restricted' : 'public';
  }
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return 'restricted';
  // Names of the cluster lead to the private addresses of its Services.
  if (/\.svc(?:\.cluster\.local)?$/.test(name)) return 'restricted';
  // A bare word, and the names that are reserved so that nobody can have them.
  return name.includes('.') && !/\.(?:invalid|test|example)$/.test(name) ? 'public' : 'unknown';
}

/** Loopback, link-local, private, multicast or no address at all. */
function isRestrictedIpv4([a, b, c, d]: readonly [number, number, number, number]): boolean {
  if (a === 127 || a === 10 || (a >= 224 && a < 240)) return true;
  return (
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 0 && b === 0 && c === 0 && d === 0)
  );
}

function isRestrictedIpv6(groups: readonly number[]): boolean {
  const [first = 0] = groups;
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return isRestrictedIpv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  }
  const isZeroBefore = groups.slice(0, 7).every((group) => group === 0);
  return (
    (isZeroBefore && low <= 1) || (first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0 || first >> 8 === 0xff
  );
}
