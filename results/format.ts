/** Numbers and names as people read them, the same in the terminal, the report and the charts on every machine. */

const GIBIBYTE = 2 ** 30;
const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;
const UNKNOWN = 'unknown';
const NOTHING = '–';
const CURRENCY_SIGNS: ReadonlyMap<string, string> = new Map([
  ['USD', '$'],
  ['EUR', '€'],
  ['GBP', '£'],
]);

/** A whole number with thousands separators: `12,345`. */
export function formatCount(count: number): string {
  return decimal(count, 0);
}

/** CPU in cores with one decimal: `1,234.5`. What one pod asks for can be less: see `formatCpuRequest`. */
export function formatCores(cores: number): string {
  return decimal(cores, 1);
}

/** CPU of one pod as a manifest writes it: `250m`, `2`, `1.5`. */
export function formatCpuRequest(cores: number): string {
  const millicores = Math.round(cores * 1000);
  return millicores !== 0 && Math.abs(millicores) < 1000 ? `${millicores}m` : String(millicores / 1000);
}

/** Bytes in the largest fitting unit up to GiB, which has one decimal: `1,234.5 GiB`, `512 MiB`, `0.0 GiB`. */
export function formatBytes(bytes: number): string {
  const magnitude = Math.abs(bytes);
  if (magnitude === 0 || magnitude >= GIBIBYTE) return `${formatGibibytes(bytes)} GiB`;
  const power = BINARY_UNITS.findLastIndex((_, index) => magnitude >= 1024 ** index);
  return `${decimal(bytes / 1024 ** Math.max(power, 0), 0)} ${BINARY_UNITS[Math.max(power, 0)]}`;
}

/** Bytes in GiB with one decimal and without the unit, for columns that name it in their title: `1,234.5`. */
export function formatGibibytes(bytes: number): string {
  return decimal(bytes / GIBIBYTE, 1);
}

/** A share (1 is everything) in percent with one decimal: `71.3%`; an en dash where there is no share. */
export function formatPercent(share: number | null): string {
  return share === null ? NOTHING : `${decimal(share * 100, 1)}%`;
}

/** `part` of `whole`, 1 being everything; null where the whole is nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** An amount of money with two decimals: `$1,234.50`, `CHF 1,234.50`, or `unknown`. */
export function formatMoney(amount: number | null, currency: string | null): string {
  return formatAmount(amount, currency, (magnitude) => decimal(magnitude, 2));
}

/** A price per hour with two to four decimals, since machines differ in the third: `$0.384`, or `unknown`. */
export function formatPrice(price: number | null, currency: string | null): string {
  return formatAmount(price, currency, (amount) => decimal(amount, 4).replace(/0{1,2}$/, ''));
}

/** `1 pod`, `2 pods`. */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** An amount of any resource, per pod: `2`, `250m`, `1.5 GiB`. */
export function formatResource(name: string, amount: number): string {
  if (name === 'cpu') return formatCpuRequest(amount);
  if (name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-')) return formatBytes(amount);
  return formatCount(amount);
}

/**
 * Text of the input, safe to show: characters that control the terminal or the direction of writing, and halves of
 * surrogate pairs, become U+FFFD. It escapes nothing for HTML.
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, '\u{fffd}');
}

const UNPRINTABLE = /[\p{Cc}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/gu;

function formatAmount(amount: number | null, currency: string | null, format: (magnitude: number) => string): string {
  if (amount === null) return UNKNOWN;
  const digits = format(Math.abs(amount));
  const signed = amount < 0 && /[1-9]/.test(digits) ? `-${digits}` : digits;
  if (currency === null) return signed;
  const symbol = CURRENCY_SIGNS.get(currency);
  return symbol === undefined ? `${currency} ${signed}` : signed.replace(/^-?/, (sign) => sign + symbol);
}

function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const [whole = '', fraction] = (/[1-9]/.test(text) ? text : text.replace('-', '')).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
