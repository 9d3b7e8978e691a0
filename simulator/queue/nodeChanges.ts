import type {Node} from '../../model/node.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {NodeAction} from './clusterEvent.ts';

/**
 * What has changed about a node that may bear on scheduling (framework.NodeSchedulingPropertiesChange), but for
 * conditions and annotations, which no plugin listens to.
 */
export function nodeChanges(old: Node, now: Node, version: KubernetesVersion): readonly NodeAction[] {
  const actions: NodeAction[] = [];
  if (old.unschedulable && !now.unschedulable) actions.push('UpdateNodeTaint');
  if (!isSame(old.allocatable, now.allocatable)) actions.push('UpdateNodeAllocatable');
  if (!isSame(old.labels, now.labels)) actions.push('UpdateNodeLabel');
  if (JSON.stringify(old.taints) !== JSON.stringify(now.taints)) actions.push('UpdateNodeTaint');
  if (isAtLeast(version, '1.36') && old.declaredFeatures.join() !== now.declaredFeatures.join()) {
    actions.push('UpdateNodeDeclaredFeature');
  }
  return actions;
}

type Entries = Readonly<Record<string, string | number>>;

function isSame(a: Entries, b: Entries): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
