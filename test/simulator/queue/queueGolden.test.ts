import {describe, expect, test} from 'vitest';
import {KUBERNETES_VERSIONS, type KubernetesVersion} from '../../../simulator/simulation.ts';
import {type QueuedPodState, type QueueState, readQueueCases} from './queueCase.ts';
import {QueueScript} from './queueScript.ts';

/** What was recorded of a version: the words of the newest stand for all, and 1.33 tells less of a pod. */
function comparable(state: QueueState, version: KubernetesVersion): QueueState {
  if (version === '1.36') return state;
  const {message, ...rest} = state;
  if (version !== '1.33') return rest;
  const reduced = (pods: readonly QueuedPodState[] = []) =>
    pods.map(({unschedulableCount, errorCount, gate, ...pod}) => pod);
  return {
    ...rest,
    active: reduced(rest.active),
    backoff: reduced(rest.backoff),
    unschedulable: reduced(rest.unschedulable),
  };
}

describe.each(KUBERNETES_VERSIONS)('the queue of %s stands as the real one after every step', (version) => {
  test.each(readQueueCases(version).map((one) => [one.name, one] as const))('%s', (_name, recorded) => {
    const script = new QueueScript(recorded, version);
    const states = recorded.steps.map((step) => comparable(script.step(step), version));
    expect(states).toEqual(recorded.states.map((state) => comparable(state, version)));
  });
});
