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
  for (let i = 0; i < scores.length; i++) scores[i] = defaultNormalized(scores[i]!, highest, direction, max);
}

/** The same for one score, where the highest is known. */
export function defaultNormalized(
  score: number,
  highest: number,
  direction: 'forward' | 'reverse',
  max: number = MAX_NODE_SCORE,
): number {
  if (highest === 0) return direction === 'reverse' ? max : score;
  const scaled = Math.trunc((max * score) / highest);
  return direction === 'reverse' ? max - scaled : scaled;
}
