/** Periods as Quartz reads them, from which the autoscaler takes the times when it must not scale. */

/** `9:30:30-10:50:20`: hours and minutes, with seconds and milliseconds if need be; the start is before the end. */
export function isDailyPeriod(text: string): boolean {
  const parts = text.split('-');
  if (parts.length !== 2) return false;
  const [start, end] = parts.map(timeOfDay);
  return start !== undefined && end !== undefined && start < end;
}

const LIMITS = [24, 60, 60, 1000] as const;

/** Milliseconds since midnight. */
function timeOfDay(text: string): number | undefined {
  const parts = text.split(':').map((part) => part.trim());
  if (parts.length < 2 || parts.length > 4) return undefined;
  let milliseconds = 0;
  for (const [index, limit] of LIMITS.entries()) {
    const part = parts[index] ?? '0';
    const value = /^[+-]?\d+$/.test(part) ? Number(part) : Number.NaN;
    if (!(value >= 0 && value < limit)) return undefined;
    milliseconds = milliseconds * limit + value;
  }
  return milliseconds;
}

interface CronField {
  readonly minimum: number;
  readonly maximum: number;
  readonly names?: readonly string[];
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const CRON_FIELDS: readonly CronField[] = [
  {minimum: 0, maximum: 59},
  {minimum: 0, maximum: 59},
  {minimum: 0, maximum: 23},
  {minimum: 1, maximum: 31, special: /^(?:\?|L(?:-\d{1,2})?W?|LW|\d{1,2}W)$/},
  {minimum: 1, maximum: 12, names: MONTHS},
  {minimum: 1, maximum: 7, names: DAYS, special: /^(?:\?|L|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/},
  {minimum: 1970, maximum: 2199},
];

/** Six or seven fields: second, minute, hour, day of month, month, day of week, year; one of the days is `?`. */
export function isCronExpression(text: string): boolean {
  const fields = text.trim().toUpperCase().split(/\s+/);
  if (fields.length < 6 || fields.length > CRON_FIELDS.length) return false;
  if ((fields[3] === '?') === (fields[5] === '?')) return false;
  return fields.every((field, index) => field.split(',').every((part) => isCronPart(part, CRON_FIELDS[index]!)));
}

function isCronPart(part: string, field: CronField): boolean {
  if (field.special?.test(part) === true) return true;
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !isWithin(step, {minimum: 1, maximum: field.maximum}))) return false;
  if (range === '*' || (range === '' && step !== undefined)) return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => (field.names ?? []).includes(end) || isWithin(end, field));
}

function isWithin(text: string, {minimum, maximum}: Pick<CronField, 'minimum' | 'maximum'>): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;
}
