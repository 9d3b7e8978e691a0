import {MAX_NODE_SCORE} from './plugin.ts';

/**
 * Scales scores so that the highest becomes `max`; `reverse` makes it the lowest (plugins/helper.DefaultNormalizeScore).
 * When all are zero they stay so, or all become `max` in reverse. In place.
 */
export function defaultNormalizeScore(
  scores: Float64Array,
  direction: 'forward' | 'reverse',
  max: number = MAX_NODE_SCORE,
): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  if (highest === 0) {
    if (direction === 'reverse') scores.fill(max);
    return;
  }
  for (let i = 0; i < scores.length; i++) {
    const scaled = Math.trunc((max * scores[i]!) / highest);
    scores[i] = direction === 'reverse' ? max - scaled : scaled;
  }
}
