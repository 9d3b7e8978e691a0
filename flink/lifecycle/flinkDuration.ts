/** Units of Flink's durations, in seconds, by every label that it knows (TimeUtils). */
const UNITS: ReadonlyMap<string, number> = new Map([
  ...labels(86_400, 'd', 'day', 'days'),
  ...labels(3600, 'h', 'hour', 'hours'),
  ...labels(60, 'm', 'min', 'minute', 'minutes'),
  ...labels(1, 's', 'sec', 'secs', 'second', 'seconds'),
  ...labels(1e-3, 'ms', 'milli', 'millis', 'millisecond', 'milliseconds'),
  ...labels(1e-6, 'µs', 'micro', 'micros', 'microsecond', 'microseconds'),
  ...labels(1e-9, 'ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds'),
]);

function labels(seconds: number, ...names: readonly string[]): readonly (readonly [string, number])[] {
  return names.map((name) => [name, seconds]);
}

/** `PT1H30M` and the like, without years and months. */
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$/i;

/** Seconds of a duration as Flink reads it: `10 min`, `30s`, milliseconds without a unit, or ISO 8601; else undefined. */
export function parseFlinkDuration(text: string): number | undefined {
  const trimmed = text.trim();
  const iso = ISO.exec(trimmed);
  if (iso !== null && /\d/.test(trimmed)) {
    const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
    return days! * 86_400 + hours! * 3600 + minutes! * 60 + seconds!;
  }
  const match = /^(\d+)\s*(\D*)$/.exec(trimmed);
  if (match === null) return undefined;
  const unit = match[2]!.trim().toLowerCase();
  const scale = unit === '' ? 1e-3 : UNITS.get(unit);
  return scale === undefined ? undefined : Number(match[1]) * scale;
}
