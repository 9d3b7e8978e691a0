/** The schedule of a CronJob as robfig/cron reads it, with its messages; null when there is nothing wrong. */
export function scheduleError(schedule: string): string | null {
  if (schedule.startsWith('@')) return descriptorError(schedule);
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== BOUNDS.length) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  for (const [index, field] of fields.entries()) {
    for (const expression of field.split(',').filter((part) => part !== '')) {
      const error = rangeError(expression, BOUNDS[index]!);
      if (error !== null) return error;
    }
  }
  return null;
}

/** What is wrong with the time zone of a CronJob; null when nothing is. */
export function timeZoneError(timeZone: string): string | null {
  if (timeZone === '') return 'timeZone must be nil or non-empty string';
  if (timeZone.toLowerCase() === 'local') {
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  }
  return isTimeZone(timeZone) ? null : `unknown time zone ${timeZone}`;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
/** Minute, hour, day of the month, month, day of the week. */
const BOUNDS: readonly Bounds[] = [
  {min: 0, max: 59},
  {min: 0, max: 23},
  {min: 1, max: 31},
  {min: 1, max: 12, names: MONTHS},
  {min: 0, max: 6, names: DAYS},
];
const DESCRIPTORS: readonly string[] = [
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
];
const DURATION = /^[+-]?(?:0|(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h)(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))*)$/;

function descriptorError(schedule: string): string | null {
  if (DESCRIPTORS.includes(schedule)) return null;
  const every = '@every ';
  if (!schedule.startsWith(every)) return `unrecognized descriptor: ${schedule}`;
  const duration = schedule.slice(every.length);
  if (DURATION.test(duration)) return null;
  return `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(duration)}`;
}

function rangeError(expression: string, {min, max, names}: Bounds): string | null {
  const [range = '', stepText, ...slashes] = expression.split('/');
  const [low = '', high, ...hyphens] = range.split('-');
  let start = min;
  let end = max;
  if (low !== '*' && low !== '?') {
    const first = readValue(low, names, min);
    if (typeof first === 'string') return first;
    start = first;
    end = first;
    if (hyphens.length > 0) return `too many hyphens: ${expression}`;
    if (high !== undefined) {
      const last = readValue(high, names, min);
      if (typeof last === 'string') return last;
      end = last;
    }
  }
  if (slashes.length > 0) return `too many slashes: ${expression}`;
  let step = 1;
  if (stepText !== undefined) {
    const given = readValue(stepText, undefined, 0);
    if (typeof given === 'string') return given;
    step = given;
    // `N/step` means from N on.
    if (high === undefined) end = max;
  }
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${expression}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${expression}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return step === 0 ? `step of range should be a positive number: ${expression}` : null;
}

/** A number or a name such as `jan`; a text is what is wrong with it. */
function readValue(text: string, names: readonly string[] | undefined, first: number): number | string {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + first;
  if (!/^[+-]?\d+$/.test(text)) {
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  }
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}

/** Whether the zone is in the time zone database; an offset such as `+01:00` is not. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', {timeZone: name});
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
