/** The text of a double as Java prints it (`Double.toString`): `1.0`, `0.1`, `1.0E7`, `1.0E-4`. */
export function formatJavaDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const magnitude = Math.abs(value);
  if (magnitude === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (magnitude >= 1e-3 && magnitude < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

const JAVA_DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/;

/** Reads a double as Java's `Double.parseDouble`; undefined where Java would refuse. */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = text.trim();
  return JAVA_DOUBLE.test(trimmed) ? Number(trimmed.replace(/[fFdD]$/, '')) : undefined;
}
