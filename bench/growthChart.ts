import type {TopLevelSpec} from 'vega-lite';
import {VEGA_LITE_SCHEMA} from '../results/charts/chart.ts';
import {chartConfig, SERIES_SHAPES, theme} from '../results/charts/theme.ts';
import type {BenchmarkRecord} from './record.ts';
import {shapeNamed} from './shapes/shapes.ts';

const EVALUATORS = {fast: 'fast', reference: 'node by node'} as const;

const POWERS = Array.from({length: 8}, (_, exponent) => 10 ** exponent);

/** Pods per second over nodes, both on logarithmic scales: a line for each shape and evaluator. */
export function growthChart({results}: BenchmarkRecord): TopLevelSpec {
  const values = results.flatMap(({shape, nodes, variant, podsPerSecond: {median, min, max}}) =>
    variant === 'fast' || variant === 'reference'
      ? [{pods: shapeNamed(shape).title, nodes, evaluator: EVALUATORS[variant], median, min, max}]
      : [],
  );
  const pods = [...new Set(values.map((value) => value.pods))];
  const logarithmic = {type: 'log'} as const;
  const sizes = {type: 'log', nice: false} as const;
  const shared = {
    x: {field: 'nodes', type: 'quantitative', scale: sizes, title: 'nodes', axis: {format: ',d', values: POWERS}},
    color: {
      field: 'pods',
      type: 'nominal',
      scale: {domain: pods, range: theme.series.slice(0, pods.length)},
      legend: {title: null, orient: 'top', direction: 'vertical'},
    },
  } as const;
  const dashes = {
    field: 'evaluator',
    type: 'nominal',
    scale: {
      domain: Object.values(EVALUATORS),
      range: [
        [1, 0],
        [5, 4],
      ],
    },
    legend: {title: 'evaluator', orient: 'top', direction: 'vertical'},
  } as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: 'Pods scheduled per second over the number of nodes',
    width: 640,
    height: 360,
    data: {values},
    layer: [
      {mark: {type: 'rule', opacity: 0.5}, encoding: {...shared, y: rate('min', logarithmic), y2: {field: 'max'}}},
      {
        mark: {type: 'line', strokeWidth: 2},
        encoding: {...shared, y: rate('median', logarithmic), strokeDash: dashes},
      },
      {
        mark: {type: 'point', filled: true, size: 45, opacity: 1},
        encoding: {
          ...shared,
          y: rate('median', logarithmic),
          shape: {
            field: 'pods',
            type: 'nominal',
            scale: {domain: pods, range: SERIES_SHAPES.slice(0, pods.length)},
            legend: {title: null, orient: 'top', direction: 'vertical'},
          },
        },
      },
    ],
    config: {...chartConfig, background: theme.ground},
  };
}

function rate<Scale>(field: string, scale: Scale) {
  return {field, type: 'quantitative', scale, title: 'pods per second', axis: {format: '~s', values: POWERS}} as const;
}
