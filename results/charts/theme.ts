import type {Config} from 'vega-lite';

/** Colour of one role on a light and on a dark ground. */
interface Color {
  readonly light: string;
  readonly dark: string;
}

/**
 * Nine hues that people with any common colour blindness can tell apart: Paul Tol's "muted" scheme
 * (https://personal.sron.nl/~pault/, 2021), ordered so that neighbours differ in lightness. On a dark ground the four
 * deepest ones are raised.
 */
const SERIES: readonly Color[] = [
  {light: '#332288', dark: '#8f86e0'},
  {light: '#44aa99', dark: '#4cb5a4'},
  {light: '#ddcc77', dark: '#d9c974'},
  {light: '#cc6677', dark: '#d97a8a'},
  {light: '#88ccee', dark: '#86c8e9'},
  {light: '#882255', dark: '#b8508a'},
  {light: '#117733', dark: '#3c9d5c'},
  {light: '#999933', dark: '#adad4a'},
  {light: '#aa4499', dark: '#bd70b2'},
];
const OTHER: Color = {light: '#8a929c', dark: '#79838d'};
const FREE: Color = {light: '#e8ecf0', dark: '#2b323a'};
const STRANDED: Color = {light: '#b6bfc9', dark: '#59636d'};
const TEXT: Color = {light: '#24292f', dark: '#e3e7eb'};
const SUBTLE_TEXT: Color = {light: '#57606a', dark: '#9ea8b2'};
const RULE: Color = {light: '#d3d9df', dark: '#3c454e'};
const GROUND: Color = {light: '#ffffff', dark: '#15191e'};

/** Colours on a light ground; `darkColors` gives their twins. The ground itself stays transparent. */
export const theme = {
  series: SERIES.map(({light}) => light),
  other: OTHER.light,
  free: FREE.light,
  stranded: STRANDED.light,
  text: TEXT.light,
  subtleText: SUBTLE_TEXT.light,
  rule: RULE.light,
  ground: GROUND.light,
} as const;

/** For every colour a chart can hold, the one to show instead of it on a dark ground. */
export const darkColors: ReadonlyMap<string, string> = new Map(
  [...SERIES, OTHER, FREE, STRANDED, TEXT, SUBTLE_TEXT, RULE, GROUND].map(({light, dark}) => [light, dark]),
);

/** One mark for each series, so that colour is never alone in telling points apart. The last is for all others. */
export const SERIES_SHAPES = [
  'circle',
  'square',
  'diamond',
  'triangle-up',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
  'wedge',
  'stroke',
] as const;

export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';

/** Every chart is as wide as this, in pixels, with its axes; the page scales it. */
export const CHART_WIDTH = 920;

/** What names of nodes and instance types left of bars may take of it. */
export const NAME_WIDTH = 190;

/** Between entries of a legend: widths of text are estimated, and some fonts are wider. */
export const LEGEND_PADDING = 26;

/** The legend of bars by workload or namespace. */
export const seriesLegend = {
  title: null,
  orient: 'top',
  columns: 3,
  columnPadding: LEGEND_PADDING,
  labelLimit: 215,
  symbolType: 'square',
  symbolStrokeWidth: 0,
} as const;

/** What all charts share. ARIA is left to the page: it labels each chart as one image and offers its table. */
export const chartConfig: Config = {
  background: 'transparent',
  font: FONT,
  aria: false,
  view: {stroke: null},
  title: {color: TEXT.light, subtitleColor: SUBTLE_TEXT.light, anchor: 'start', fontSize: 14, subtitleFontSize: 12},
  axis: {
    labelColor: SUBTLE_TEXT.light,
    titleColor: SUBTLE_TEXT.light,
    titleFontWeight: 'normal',
    titleFontSize: 11,
    labelFontSize: 11,
    labelPadding: 5,
    gridColor: RULE.light,
    domainColor: RULE.light,
    tickColor: RULE.light,
  },
  legend: {
    labelColor: TEXT.light,
    titleColor: SUBTLE_TEXT.light,
    titleFontWeight: 'normal',
    labelFontSize: 11,
    titleFontSize: 11,
    labelLimit: 320,
  },
};
