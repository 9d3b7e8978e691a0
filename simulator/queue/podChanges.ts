import type {Pod} from '../../model/pod.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {PodAction} from './clusterEvent.ts';

/** What has changed about a pod that may bear on scheduling (framework.PodSchedulingPropertiesChange). */
export function podChanges(old: Pod, now: Pod, version: KubernetesVersion): readonly PodAction[] {
  const actions: PodAction[] = [];
  const before = old.class;
  const after = now.class;
  if (!isSame(before.labels, after.labels)) actions.push('UpdatePodLabel');
  if (asksForLess(before.requests, after.requests)) actions.push('UpdatePodScaleDown');
  const hadGates = (before.spec.schedulingGates ?? []).length > 0;
  if (hadGates && (after.spec.schedulingGates ?? []).length === 0) actions.push('UpdatePodSchedulingGatesEliminated');
  // Tolerations can be added and nothing else.
  if ((before.spec.tolerations ?? []).length !== (after.spec.tolerations ?? []).length) {
    actions.push('UpdatePodToleration');
  }
  if (isAtLeast(version, '1.34') && !isSame(old.claimNames ?? {}, now.claimNames ?? {})) {
    actions.push('UpdatePodGeneratedResourceClaim');
  }
  return actions.length === 0 ? ['Update'] : actions;
}

function asksForLess(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): boolean {
  return Object.entries(before).some(([name, amount]) => !Object.hasOwn(after, name) || after[name]! < amount);
}

type Entries = Readonly<Record<string, string | null>>;

function isSame(a: Entries, b: Entries): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
