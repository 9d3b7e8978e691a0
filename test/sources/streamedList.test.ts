import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Diagnostics} from '../../model/diagnostic.ts';
import {parseDocuments} from '../../sources/documents.ts';
import {streamedDocuments} from '../../sources/streamedList.ts';

const encoder = new TextEncoder();

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({length: count}, (_, i) => bytes.slice(i * size, (i + 1) * size));
}

function stream(text: string | Uint8Array, size = 7) {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const diagnostics = new Diagnostics();
  const read = (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const documents = [...streamedDocuments({name: 'l.json', chunks: pieces(bytes, size), read}, diagnostics)];
  const problems = diagnostics.all.map(({message, place}) => `${message} at ${place?.line}:${place?.column}`);
  return {documents, problems, values: documents.map(({value}) => value)};
}

const text = fc.oneof(fc.string(), fc.string({unit: 'binary'}), fc.constantFrom('items', '"', '\\', '[', ']}', '😀é'));
// JSON.parse of V8 13.6 takes one escaped key for another of the same length, as \\ for \".
const key = text.filter((one) => JSON.stringify(one).length === one.length + 2);
const {value: json} = fc.letrec<{value: unknown}>((tie) => ({
  value: fc.oneof(
    {maxDepth: 4},
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(key, tie('value')),
  ),
}));
const item = fc.dictionary(key, json).map((rest) => ({...rest, apiVersion: 'v1', kind: 'Pod'}));

test('items and their places are those of the whole text, however it is cut', () => {
  const list = fc.record({before: fc.dictionary(key, json), items: fc.array(item), after: fc.dictionary(key, json)});
  fc.assert(
    fc.property(list, fc.constantFrom(undefined, 1, '\t'), fc.integer({min: 1, max: 40}), (parts, indent, size) => {
      const {items: _a, ...before} = parts.before;
      const {items: _b, ...after} = parts.after;
      const value = {...before, kind: 'List', items: parts.items, ...after};
      const whole = JSON.stringify(value, null, indent);
      const {documents, problems, values} = stream(whole, size);
      expect(problems).toEqual([]);
      expect(values).toEqual(parts.items);
      const [document] = parseDocuments({name: 'l.json', text: whole}, new Diagnostics());
      for (const [index, {origin}] of documents.entries()) {
        for (const field of ['', '/kind']) {
          expect(origin.at(field)).toEqual(document?.origin.at(`/items/${index}${field}`));
        }
      }
    }),
    {seed: 0x5eed},
  );
});

describe('a long JSON file', () => {
  const pod = '{"apiVersion":"v1","kind":"Pod"}';
  test.each<[rule: string, text: string | Uint8Array, values: number, problems: readonly string[]]>([
    ['may have no items', '{"kind":"List","items":[]}', 0, []],
    ['may be another object than a list', '{"kind":"ConfigMap","data":{"items":[1]}}', 1, []],
    ['may begin with a byte order mark', `\uFEFF{"items":[${pod}]}`, 1, []],
    ['may spell its items in escapes', '{"\\u0069tems":[]}', 0, []],
    [
      'that is cut off says where',
      `{"items":[\n${pod},\n{"kind"`,
      1,
      ['the file ends before its last bracket is closed at 3:8'],
    ],
    [
      'with a bad item keeps the others',
      `{"items":[${pod},\n{"kind":x},\n${pod}]}`,
      2,
      ['the list item is not valid JSON at 2:1'],
    ],
    ['with a comma too many names it', `{"items":[${pod},\n]}`, 1, ['a comma without an item at 2:1']],
    [
      'with more behind its end is refused',
      `{"items":[${pod}]}\n{}`,
      1,
      ['the file is not valid JSON outside its items at 1:1'],
    ],
    [
      'with a key twice is read, with a warning',
      '{"items":[{"apiVersion":"v1","kind":"A",\n"kind":"B"}]}',
      1,
      ['duplicate key "kind"; the last one counts at 2:1'],
    ],
    [
      'that is not UTF-8 says where',
      new Uint8Array([...encoder.encode('{"items":[{"a":"'), 0xe9, ...encoder.encode('"}]}')]),
      0,
      ['the file is not valid UTF-8 at 1:11'],
    ],
  ])('%s', (_rule, text, count, expected) => {
    const {values, problems} = stream(text);
    expect(problems).toEqual(expected);
    expect(values).toHaveLength(count);
  });

  test('tells its items the kind they leave out, wherever the list says it', () => {
    const {documents} = stream('{"items":[{"metadata":{}}],"kind":"PodList","apiVersion":"v1"}');
    expect(documents.map(({listed}) => listed)).toEqual([{apiVersion: 'v1', kind: 'Pod'}]);
  });

  test('whose bytes are gone has the places of its items', () => {
    const bytes = encoder.encode(`{"items":[\n ${pod}]}`);
    const source = {name: '-', chunks: [bytes], read: () => null};
    const [document] = streamedDocuments(source, new Diagnostics());
    expect(document?.origin.at('/kind')).toEqual({line: 2, column: 2});
  });
});
