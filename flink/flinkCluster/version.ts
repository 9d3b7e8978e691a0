/** Segments, and what follows a hyphen; the grammar is that of the operator's version library. */
const VERSION =
  /^v?(\d+(?:\.\d+)*?)(?:-(\d+[0-9A-Za-z\-~]*(?:\.[0-9A-Za-z\-~]+)*)|(?:-?([A-Za-z\-~][0-9A-Za-z\-~]*(?:\.[0-9A-Za-z\-~]+)*)))?(?:\+[0-9A-Za-z\-~]+(?:\.[0-9A-Za-z\-~]+)*)?$/;

export interface Version {
  readonly segments: readonly bigint[];
  readonly preRelease: string;
}

export const VERSION_1_10: Version = {segments: [1n, 10n, 0n], preRelease: ''};
export const VERSION_2_0: Version = {segments: [2n, 0n, 0n], preRelease: ''};

/** Null for what the operator cannot read, empty text among it. */
export function parseVersion(text: string): Version | null {
  const [, numbers, dashed, plain] = VERSION.exec(text) ?? [];
  if (numbers === undefined) return null;
  const segments = numbers.split('.').map(BigInt);
  while (segments.length < 3) segments.push(0n);
  return {segments, preRelease: plain ?? dashed ?? ''};
}

/** A pre-release comes before its release: 2.0-preview1 is below 2.0. */
export function isBelow(version: Version, release: Version): boolean {
  const length = Math.max(version.segments.length, release.segments.length);
  for (let index = 0; index < length; index += 1) {
    const own = version.segments[index] ?? 0n;
    const other = release.segments[index] ?? 0n;
    if (own !== other) return own < other;
  }
  return version.preRelease !== '' && version.segments.length === release.segments.length;
}
