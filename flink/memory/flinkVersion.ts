/** The releases whose memory model is known, to the byte and to the letter. */

export interface FlinkVersion {
  readonly major: number;
  readonly minor: number;
  /** Infinity for the last patch of a feature release that is named alone. */
  readonly patch: number;
}

export const OLDEST_FLINK = '1.10';
export const NEWEST_FLINK = '2.3';

/** The feature releases from the oldest to the newest that there are. */
export const FLINK_RELEASES: readonly string[] = [...minors(1, 10, 20), ...minors(2, 0, 3)];

function minors(major: number, first: number, last: number): readonly string[] {
  return Array.from({length: last - first + 1}, (_, index) => `${major}.${first + index}`);
}

/** Reads `1.20`, `1.20.5` or an operator's `v1_20`; undefined for a release without this model or not yet known. */
export function readFlinkVersion(text: string): FlinkVersion | undefined {
  const [, major, minor, patch] = /^v?(\d)[._](\d{1,2})(?:[._](\d{1,3}))?$/.exec(text) ?? [];
  if (!FLINK_RELEASES.includes(`${major}.${minor}`)) return undefined;
  return {major: Number(major), minor: Number(minor), patch: patch === undefined ? Infinity : Number(patch)};
}

export function isFlinkAtLeast(version: FlinkVersion, major: number, minor: number, patch = 0): boolean {
  if (version.major !== major) return version.major > major;
  return version.minor === minor ? version.patch >= patch : version.minor > minor;
}
