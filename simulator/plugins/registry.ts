import type {Handle, Plugin} from '../framework/plugin.ts';
import type {PluginArguments} from '../framework/profile.ts';
import {ImageLocality} from './imageLocality.ts';
import {NodeAffinity} from './nodeAffinity.ts';
import {NodeName} from './nodeName.ts';
import {NodePorts} from './nodePorts.ts';
import {NodeResourcesBalancedAllocation} from './nodeResourcesBalancedAllocation.ts';
import {NodeResourcesFit} from './nodeResourcesFit.ts';
import {NodeUnschedulable} from './nodeUnschedulable.ts';
import {PrioritySort} from './prioritySort.ts';
import {SchedulingGates} from './schedulingGates.ts';
import {TaintToleration} from './taintToleration.ts';

type Factory = (args: PluginArguments, handle: Handle) => Plugin;

/** How each plugin that is simulated is made. */
export const REGISTRY: ReadonlyMap<string, Factory> = new Map<string, Factory>([
  ['SchedulingGates', () => new SchedulingGates()],
  ['PrioritySort', () => new PrioritySort()],
  ['NodeUnschedulable', (_args, handle) => new NodeUnschedulable(handle)],
  ['NodeName', (_args, handle) => new NodeName(handle)],
  ['TaintToleration', (_args, handle) => new TaintToleration(handle)],
  ['NodeAffinity', (args, handle) => new NodeAffinity(args.NodeAffinity, handle)],
  ['NodePorts', (_args, handle) => new NodePorts(handle)],
  ['NodeResourcesFit', (args, handle) => new NodeResourcesFit(args.NodeResourcesFit, handle)],
  [
    'NodeResourcesBalancedAllocation',
    (args, handle) => new NodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation, handle),
  ],
  ['ImageLocality', (_args, handle) => new ImageLocality(handle)],
]);
