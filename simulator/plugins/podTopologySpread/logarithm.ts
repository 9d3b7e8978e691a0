const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Coefficients of the even and odd powers in fdlibm's approximation of ln((1 + s) / (1 - s)). */
const ODD = [0.6666666666666735, 0.2857142874366239, 0.1818357216161805, 0.14798198605116586] as const;
const EVEN = [0.3999999999940942, 0.22222198432149784, 0.15313837699209373] as const;

/**
 * The natural logarithm of a positive integer below 2^32, rounded as Go's math.Log rounds it (the algorithm of fdlibm's
 * e_log.c). JavaScript's own differs in the last bit now and then, first at 14, and scores are rounded from it.
 */
export function logarithm(value: number): number {
  let exponent = 32 - Math.clz32(value);
  let mantissa = value / 2 ** exponent;
  if (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const odd = s2 * (ODD[0] + s4 * (ODD[1] + s4 * (ODD[2] + s4 * ODD[3])));
  const even = s4 * (EVEN[0] + s4 * (EVEN[1] + s4 * EVEN[2]));
  const half = 0.5 * f * f;
  return exponent * LN2_HIGH - (half - (s * (half + (odd + even)) + exponent * LN2_LOW) - f);
}
