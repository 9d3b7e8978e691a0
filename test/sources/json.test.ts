import {expect, test} from 'vitest';
import {findJsonNode, JsonPlaces, parseJson} from '../../sources/json.ts';

const TEXT = '{"items": [{"a": {"b\\"c": [1, {"d": "]}"}, null]}}, {"a": 2}], "z": {}}';

test.each([
  [[], '{"items"'],
  [['items'], '"items"'],
  [['items', '0', 'a', 'b"c', '2'], 'null]'],
  [['items', '0', 'a', 'b"c', '1', 'd'], '"d"'],
  [['items', '1', 'a'], '"a": 2'],
  [['items', '7', 'a'], '"items"'],
  [['z', 'nothing'], '"z"'],
])('the place of %j', (path, start) => {
  expect(TEXT.slice(findJsonNode(TEXT, path))).toSatisfy((rest: string) => rest.startsWith(start));
});

test('integers that a double cannot hold keep their digits', () => {
  expect(parseJson('{"a": 9007199254740993, "b": 1.5, "c": 12}')?.value).toEqual({
    a: '9007199254740993',
    b: 1.5,
    c: 12,
  });
});

test('a text that is not JSON has no value', () => {
  expect(parseJson('{"a": 1,}')).toBeUndefined();
});

test.each([
  '{"kind": "List", "items": [{"a": {"b": [1, 2]}}, "x", [], {"items": [7]}], "z": 1}',
  '{"items": {"0": "an object is no array"}}',
  '{"items": [ ]}',
  '[{"items": 1}]',
])('places found one after the other are those found alone: %s', (text) => {
  const places = new JsonPlaces(text);
  const paths = [
    ['items', '3', 'items', '0'],
    ['items', '0', 'a', 'b', '1'],
    ['items', '1'],
    ['items', '2', '0'],
  ];
  for (const path of [...paths, ['items', '9', 'a'], ['items', 'x'], ['items'], ['z'], ['0', 'items'], []]) {
    expect(places.find(path), path.join('/')).toBe(findJsonNode(text, path));
  }
});
