import {describe, expect, test} from 'vitest';
import {familyOf} from '../../scripts/parity/format.ts';
import {generate} from '../../scripts/parity/generate.ts';
import {ingest} from '../../scripts/parity/ingest.ts';
import {defaultPod} from '../../workloads/defaulting/podDefaults.ts';
import {FieldPath, fieldErrorMessage} from '../../workloads/validation/fieldError.ts';
import {labelErrors, podSpecErrors} from '../../workloads/validation/podValidation.ts';

const SEEDS = Array.from({length: 300}, (_none, i) => i + 1);
const scenarios = SEEDS.map((seed) => generate(seed));

describe('generated scenarios', () => {
  test('depend on their seed alone', () => {
    for (const seed of [1, 2, 300]) expect(generate(seed)).toEqual(scenarios[seed - 1]);
  });

  test('are of all families, half of the decisions of the mixed one', () => {
    const decisions = new Map<string, number>();
    for (const {name, pending} of scenarios) {
      decisions.set(familyOf(name), (decisions.get(familyOf(name)) ?? 0) + pending.length);
    }
    const all = [...decisions.values()].reduce((sum, count) => sum + count);
    expect(decisions.size).toBe(18);
    expect(decisions.get('mixed')! / all).toBeCloseTo(0.5, 1);
  });

  test('have pods that the API server takes', () => {
    const errors = scenarios.flatMap(({name, pods, pending}) =>
      [...pods, ...pending].flatMap((pod) => {
        const {metadata, spec} = defaultPod(pod);
        return [
          ...labelErrors(metadata, FieldPath.root.child('metadata')),
          ...podSpecErrors(spec, FieldPath.root.child('spec')),
        ].map((error) => `${name} ${pod.metadata.name}: ${fieldErrorMessage(error)}`);
      }),
    );
    expect(errors).toEqual([]);
  });

  test('can be taken in', () => {
    for (const scenario of scenarios) {
      const {running, pending} = ingest(scenario, '1.36');
      expect(pending.length).toBe(scenario.pending.length);
      expect(running.every(({nodeName}) => nodeName !== null)).toBe(true);
    }
  });
});
