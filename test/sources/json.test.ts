import {expect, test} from 'vitest';
import {findJsonNode, parseJson} from '../../sources/json.ts';

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
