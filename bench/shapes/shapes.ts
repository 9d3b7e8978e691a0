import {BARS} from './bars.ts';
import {SCHEDULER_PERF} from './schedulerPerf.ts';
import type {Shape} from './shape.ts';

export const SHAPES: readonly Shape[] = [...SCHEDULER_PERF, ...BARS];

export function shapeNamed(name: string): Shape {
  const found = SHAPES.find((shape) => shape.name === name);
  if (found === undefined) {
    throw new Error(`there is no shape "${name}"; there are ${SHAPES.map((shape) => shape.name).join(', ')}`);
  }
  return found;
}
