import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {DeviceSelectors, type SelectorResult} from '../../../simulator/dynamicResources/cel/deviceSelectors.ts';
import {featuresOf} from '../../../simulator/dynamicResources/features.ts';
import {type PoolDevice, Pools} from '../../../simulator/dynamicResources/pools.ts';
import {readResourceSlice} from '../../../simulator/dynamicResources/readObjects.ts';
import type {KubernetesVersion} from '../../../simulator/simulation.ts';
import {node} from '../builders.ts';

const {devices: DEVICES, rows} = JSON.parse(
  readFileSync(new URL('../../golden/scheduler/dra/selectors-1.36.json', import.meta.url), 'utf8'),
) as {
  readonly devices: readonly object[];
  readonly rows: readonly {readonly expression: string; readonly results: readonly (boolean | string)[]}[];
};

function poolDevices(devices: readonly object[], version: KubernetesVersion): readonly PoolDevice[] {
  const slice = readResourceSlice({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: {name: 'slice'},
    spec: {
      driver: 'gpu.example.com',
      allNodes: true,
      pool: {name: 'pool', generation: 1, resourceSliceCount: 1},
      devices,
    },
  });
  return new Pools([node('a')], [slice], featuresOf(version)).of(0)[0]!.devices;
}

function evaluate(expression: string, devices: readonly object[] = DEVICES, version: KubernetesVersion = '1.36') {
  const selectors = new DeviceSelectors(featuresOf(version));
  return poolDevices(devices, version).map((device) => selectors.evaluate(expression, device));
}

/** A result as the golden file has it: the text of an error only where Kubernetes' own is reproduced. */
function shorten(result: SelectorResult): boolean | string {
  if (typeof result === 'boolean') return result;
  if (result.error.startsWith('CEL compile error: ')) return 'compile error';
  const text = result.error.replace('CEL runtime error: ', 'runtime: ');
  return /no such (key|overload)/.test(text) && !text.includes('index out of bounds') ? text : 'runtime error';
}

describe('a selector says of a device what it says in Kubernetes', () => {
  test.each(rows.map(({expression, results}) => [expression, results] as const))('%s', (expression, results) => {
    expect(evaluate(expression).map(shorten).map(toComparable(expression))).toEqual(
      results.map(toComparable(expression)),
    );
  });
});

/** Of missing keys on both sides of `||` or `&&` cel-go names the left one, the library the right one. */
function toComparable(expression: string): (result: boolean | string) => boolean | string {
  const isLogical = /\|\||&&/.test(expression);
  return (result) => (isLogical && typeof result === 'string' ? result.replace(/(no such key): .*/, '$1') : result);
}

test.each([
  'device.attributes["gpu.example.com"].exists(k, v, v == 16)',
  'url("https://example.com").getHost() == ""',
  'ip("10.0.0.1").family() == 4',
  'cidr("10.0.0.0/8").containsIP("10.1.2.3")',
  '"%s".format(["a"]) == "a"',
])('%s is beyond the CEL library, which is said instead of guessing', (expression) => {
  expect(evaluate(expression).map(shorten)).toEqual(DEVICES.map(() => 'compile error'));
});

test.each([
  [{int: 1}, 'device.attributes["gpu.example.com"].a == 1', true],
  [{}, 'device.driver == ""', {error: 'CEL runtime error: attribute a: unsupported attribute value'}],
  [{version: '1'}, 'true', {error: 'CEL runtime error: attribute a: parse semantic version: "1"'}],
])('an attribute %j makes "%s" %j', (attribute, expression, result) => {
  expect(evaluate(expression, [{name: 'd', attributes: {a: attribute}}])).toEqual([result]);
});

test('devices are not known to be shared before 1.36', () => {
  const [result] = evaluate('device.allowMultipleAllocations', [{name: 'd'}], '1.35');
  expect(shorten(result!)).toBe('compile error');
});
