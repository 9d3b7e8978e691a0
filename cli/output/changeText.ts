import {CPU, formatAmount} from '../../model/resources.ts';
import {formatCpuRequest, formatPrice} from '../../results/format.ts';
import type {Change} from '../../simulator/explain/change.ts';

/** What to do, as one says it to somebody who edits manifests. */
export function changeText(change: Change, currency: string | null): string {
  switch (change.kind) {
    case 'LowerRequest': {
      const {resource, from, to} = change;
      return `ask for ${resource} ${manifestAmount(resource, to)} instead of ${manifestAmount(resource, from)}`;
    }
    case 'AddNode':
      return `add a node like ${change.like}${inBrackets(nodeTraits(change, currency))}`;
    case 'Uncordon':
      return `uncordon node/${change.node}`;
    case 'RemoveTaints':
      return `take ${listOf('the taint', change.taints)} off node/${change.node}`;
    case 'Tolerate':
      return `tolerate ${listOf('the taint', change.taints)}`;
    case 'DropNodeRequirements': {
      const place = change.source === 'nodeSelector' ? 'nodeSelector' : 'required node affinity';
      const term = change.term === null || change.term === 0 ? '' : ` (term ${change.term + 1})`;
      return `drop ${change.requirements.join(' and ')} from its ${place}${term}`;
    }
    case 'DropHostPorts':
      return `do without ${listOf('the host port', change.ports)}`;
    case 'RaiseMaxSkew':
      return `raise maxSkew over ${change.topologyKey} from ${change.from} to ${change.to}`;
    case 'ScheduleAnyway':
      return `spread over ${change.topologyKey} only where possible (ScheduleAnyway)`;
    case 'DropPodAffinity': {
      const rule = change.rule === 'affinity' ? 'affinity' : 'anti-affinity';
      const terms = change.terms.map(({selector, topologyKey}) => `to ${selector} by ${topologyKey}`);
      return `only prefer the ${rule} ${terms.join(' and ')}, or drop it`;
    }
    case 'RaisePriority': {
      const {above, to, priorityClass} = change;
      return `raise its priority above ${above}${priorityClass === null ? '' : `: PriorityClass/${priorityClass} has ${to}`}`;
    }
    case 'AllowPreemption':
      return 'let it preempt others (preemptionPolicy: PreemptLowerPriority)';
    case 'MovePod':
      return `move ${podText(change.pod)} from node/${change.from} to node/${change.to}`;
    case 'RemoveGates':
      return `remove ${listOf('the scheduling gate', change.gates)}`;
    case 'UseScheduler':
      return `name the scheduler ${change.to} instead of ${change.from}`;
    case 'RaiseQuota': {
      const {quota, from, to} = change;
      const parts = Object.keys(to).map((resource) => `${resource} from ${from[resource]} to ${to[resource]}`);
      return `raise the quota ${quota}: ${parts.join(', ')}`;
    }
    case 'Unbind':
      return `let the scheduler choose the node instead of naming ${change.node}`;
    case 'DropVolumes':
      return `mend or drop ${listOf('the volume', change.volumes)}; nothing else is in the way`;
    case 'DropResourceClaims':
      return `mend or drop ${listOf('the resource claim', change.claims)}; nothing else is in the way`;
  }
}

/** `pod/NAME in NAMESPACE` from `NAMESPACE/NAME`. */
export function podText(key: string): string {
  const [namespace = '', name = ''] = key.split('/');
  return `pod/${name} in ${namespace}`;
}

/** Bytes in Gi where they are quarters of it, otherwise as Kubernetes prints them. */
function manifestAmount(resource: string, amount: number): string {
  if (resource === CPU) return formatCpuRequest(amount);
  const quarters = (amount / 2 ** 30) * 4;
  return amount >= 2 ** 30 && Number.isInteger(quarters) ? `${quarters / 4}Gi` : formatAmount(resource, amount);
}

function nodeTraits(
  {instanceType, nodePool, zone, pricePerHour}: Extract<Change, {readonly kind: 'AddNode'}>,
  currency: string | null,
): readonly string[] {
  const price = pricePerHour === null ? [] : [`${formatPrice(pricePerHour, currency)}/h`];
  return [instanceType ?? [], nodePool === null ? [] : `pool ${nodePool}`, zone ?? [], price].flat();
}

function inBrackets(words: readonly string[]): string {
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function listOf(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
