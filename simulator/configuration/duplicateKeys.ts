import {type Diagnostics, escapePointer, type Origin, type Position} from '../../model/diagnostic.ts';

/**
 * kube-scheduler refuses a key that stands twice, of which kubectl takes the last. Whoever read the file has warned of
 * such keys (STW-2001); those that the configuration has become errors.
 */
export function reportDuplicateKeys(value: unknown, origin: Origin, diagnostics: Diagnostics): void {
  for (const {code, message, place} of diagnostics.warnings) {
    const key = code === 'STW-2001' ? /^duplicate key (".*");/.exec(message)?.[1] : undefined;
    if (key === undefined || place?.file !== origin.file || !hasKeyBefore(value, JSON.parse(key), place, origin))
      continue;
    const {file, line, column} = place;
    diagnostics.error('STW-1011', `strict decoding error: line ${line}: key ${key} already set in map`, {
      hint: 'kube-scheduler takes no key twice; remove one of them',
      place: {file, line, column},
    });
  }
}

/** Whether a key of the value stands before a place: the same file may hold more than the configuration. */
function hasKeyBefore(value: unknown, key: string, place: Position, origin: Origin): boolean {
  const search = (item: unknown, pointer: string): boolean => {
    if (typeof item !== 'object' || item === null) return false;
    return Object.entries(item).some(([own, member]) => {
      const at = `${pointer}/${escapePointer(own)}`;
      return (own === key && isBefore(origin.at(at), place)) || search(member, at);
    });
  };
  return search(value, '');
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}
