import type {TopLevelSpec} from 'vega-lite';

/** The part of Vega's text measurement that can be replaced; its type declarations leave it out. */
interface TextMetrics {
  width: (item: TextItem, text?: unknown) => number;
}

interface TextItem {
  readonly text?: unknown;
  readonly fontSize?: number;
  readonly limit?: number;
}

const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
};

/**
 * Draws a Vega-Lite specification as one SVG element, without a browser and without a canvas. The same specification
 * gives the same text. Vega is loaded on the first call, since it costs as much as the rest of the program.
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  (vega as unknown as {textMetrics: TextMetrics}).textMetrics.width = estimateWidth;
  // Vega-Lite reports what it smooths over on the console, which belongs to the command line alone.
  const {spec: compiled} = vegaLite.compile(spec, {logger: SILENT as never});
  const view = new vega.View(vega.parse(compiled), {renderer: 'none', logLevel: vega.None});
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/**
 * Width of a text in pixels in a common sans-serif font. Vega's own guess without a canvas is 0.8 em for every
 * character, which leaves half of every legend empty.
 */
function estimateWidth({text: ownText, fontSize = 11, limit = 0}: TextItem, text: unknown = ownText): number {
  let em = 0;
  for (const character of String(text ?? '')) em += emOf(character);
  const width = Math.ceil(em * fontSize);
  return limit > 0 && text === ownText ? Math.min(width, limit) : width;
}

function emOf(character: string): number {
  if (NARROW.has(character)) return 0.33;
  if (WIDE.has(character)) return 0.9;
  return character.codePointAt(0)! < FIRST_WIDE_CODE_POINT ? 0.58 : 1;
}

const NARROW = new Set("iljtfrI.,:;|/'!()[]- ");
const WIDE = new Set('mwMW@%—');
/** Scripts from here on, such as CJK, fill the whole square. */
const FIRST_WIDE_CODE_POINT = 0x1100;
