import {describe, expect, test} from 'vitest';
import type {Labels} from '../../../model/labels.ts';
import {node} from '../builders.ts';
import {claim, podWith, Run, storageClass, volume, ZONE} from './storage.ts';

const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
const CONFLICT = '1 node(s) had no available volume zone';

describe('a volume whose labels name a zone', () => {
  test.each<readonly [string, Labels, Labels, string]>([
    ['is used in that zone', {[ZONE]: 'z1'}, {[ZONE]: 'z1'}, 'a'],
    ['is not used in another', {[ZONE]: 'z1'}, {[ZONE]: 'z2'}, CONFLICT],
    ['is not used where the node names a region alone', {[ZONE]: 'z1'}, {[REGION]: 'r'}, CONFLICT],
    ['is used on nodes that name neither zone nor region', {[ZONE]: 'z1'}, {}, 'a'],
    ['may name several', {[ZONE]: 'z1__ z2'}, {[ZONE]: 'z2'}, 'a'],
    ['is used anywhere if one of several is empty', {[ZONE]: 'z1__'}, {[ZONE]: 'z2'}, 'a'],
    ['may name it as of old', {[BETA_ZONE]: 'z1'}, {[BETA_ZONE]: 'z1'}, 'a'],
    ['may name it as of old where the node does not', {[BETA_ZONE]: 'z1'}, {[ZONE]: 'z1'}, 'a'],
    ['goes by the old name first', {[BETA_ZONE]: 'z1'}, {[BETA_ZONE]: 'z2', [ZONE]: 'z1'}, CONFLICT],
    ['must name it as the node does otherwise', {[ZONE]: 'z1'}, {[BETA_ZONE]: 'z1'}, CONFLICT],
    ['must be in its region, too', {[ZONE]: 'z1', [REGION]: 'r'}, {[ZONE]: 'z1', [REGION]: 'q'}, CONFLICT],
    ['without such labels is used anywhere', {tier: 'gold'}, {[ZONE]: 'z2'}, 'a'],
  ])('%s', (_rule, ofVolume, ofNode, expected) => {
    const objects = [storageClass('fast'), claim('data', {volume: 'v'}), volume('v', {labels: ofVolume})];
    const run = new Run([node('a', {labels: ofNode})], objects, [podWith('pod', ['data'])]);
    expect(run.schedule('pod')).toBe(expected);
  });
});
