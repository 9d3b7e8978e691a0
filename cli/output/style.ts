import type {OutputStream} from '../io.ts';

/** Colours of one stream; the plain text where it has none. Colour never says anything that the words do not. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

export function styleOf({hasColor}: OutputStream): Style {
  const code = (open: number, close: number) => (text: string) =>
    hasColor && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {bold: code(1, 22), dim: code(2, 22), red: code(31, 39), yellow: code(33, 39), green: code(32, 39)};
}
