import type {Handle, Plugin} from '../framework/plugin.ts';
import type {PluginArguments} from '../framework/profile.ts';
import {DefaultPreemption} from './defaultPreemption.ts';
import {DynamicResources} from './dynamicResources.ts';
import {ImageLocality} from './imageLocality.ts';
import {InterPodAffinity} from './interPodAffinity/interPodAffinity.ts';
import {NodeAffinity} from './nodeAffinity.ts';
import {NodeDeclaredFeatures} from './nodeDeclaredFeatures.ts';
import {NodeName} from './nodeName.ts';
import {NodePorts} from './nodePorts.ts';
import {NodeResourcesBalancedAllocation} from './nodeResourcesBalancedAllocation.ts';
import {NodeResourcesFit} from './nodeResourcesFit.ts';
import {NodeUnschedulable} from './nodeUnschedulable.ts';
import {NodeVolumeLimits} from './nodeVolumeLimits.ts';
import {PodTopologySpread} from './podTopologySpread/podTopologySpread.ts';
import {PrioritySort} from './prioritySort.ts';
import {SchedulingGates} from './schedulingGates.ts';
import {TaintToleration} from './taintToleration.ts';
import {VolumeBinding} from './volumeBinding.ts';
import {VolumeRestrictions} from './volumeRestrictions.ts';
import {VolumeZone} from './volumeZone.ts';

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
  ['VolumeRestrictions', (_args, handle) => new VolumeRestrictions(handle)],
  ['NodeVolumeLimits', (_args, handle) => new NodeVolumeLimits(handle)],
  ['VolumeBinding', (_args, handle) => new VolumeBinding(handle)],
  ['VolumeZone', (_args, handle) => new VolumeZone(handle)],
  ['DynamicResources', (args, handle) => new DynamicResources(args.DynamicResources, handle)],
  ['PodTopologySpread', (args, handle) => new PodTopologySpread(args.PodTopologySpread, handle)],
  ['InterPodAffinity', (args, handle) => new InterPodAffinity(args.InterPodAffinity, handle)],
  ['DefaultPreemption', (args, handle) => new DefaultPreemption(args.DefaultPreemption, handle)],
  ['ImageLocality', (_args, handle) => new ImageLocality(handle)],
  ['NodeDeclaredFeatures', (_args, handle) => new NodeDeclaredFeatures(handle)],
]);
