/** Durations as Go writes and reads them: `1h0m5s`, `-1.5s`, `500ms`. */

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
export const SECOND = 1e9;
const MAX_DURATION = 2 ** 63;

/** Nanoseconds, or the message of time.ParseDuration. */
export function parseDuration(text: string): number | {readonly error: string} {
  const invalid = {error: `time: invalid duration ${JSON.stringify(text)}`};
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') return invalid;
  let sum = 0;
  while (rest !== '') {
    const amount = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (amount === undefined) return invalid;
    rest = rest.slice(amount.length);
    const unit = /^[^.\d]*/.exec(rest)![0];
    if (unit === '') return {error: `time: missing unit in duration ${JSON.stringify(text)}`};
    const size = NANOSECONDS[unit];
    if (size === undefined) {
      return {error: `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`};
    }
    sum += Math.trunc(Number(amount) * size);
    if (sum > MAX_DURATION) return invalid;
    rest = rest.slice(unit.length);
  }
  return sign * sum;
}

export function formatDuration(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  const sign = nanoseconds < 0 ? '-' : '';
  if (size === 0) return '0s';
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < SECOND) return `${sign}${size / 1e6}ms`;
  const seconds = Math.floor(size / SECOND);
  const fraction =
    size % SECOND === 0
      ? ''
      : `.${String(size % SECOND)
          .padStart(9, '0')
          .replace(/0+$/, '')}`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const last = `${seconds % 60}${fraction}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${last}`;
  return minutes > 0 ? `${sign}${minutes}m${last}` : `${sign}${last}`;
}
