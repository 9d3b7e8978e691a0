import {formatPercent} from '../format.ts';

/** A change, as a share, in percent: `+13.2%`, `−5.0%`, `0.0%`. */
export function signedPercent(share: number): string {
  const text = formatPercent(Math.abs(share));
  return text === '0.0%' ? text : `${share > 0 ? '+' : '−'}${text}`;
}
