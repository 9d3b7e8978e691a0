import stringWidth from 'fast-string-width';

/** Words in lines of at most `width` columns: `head` and the first ones, then lines indented as far as the head. */
export function wrapText(head: string, text: string, width: number): string {
  const indent = ' '.repeat(stringWidth(head));
  const lines: string[] = [head];
  let isEmpty = true;
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (!isEmpty && stringWidth(last) + 1 + stringWidth(word) > width) {
      lines.push(`${indent}${word}`);
    } else {
      lines[lines.length - 1] = isEmpty ? `${last}${word}` : `${last} ${word}`;
      isEmpty = false;
    }
  }
  return lines.join('\n');
}
