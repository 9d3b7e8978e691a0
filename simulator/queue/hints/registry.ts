import type {EventsToRegister} from '../queueingHints.ts';
import {dynamicResources} from './dynamicResources.ts';
import {interPodAffinity} from './interPodAffinity.ts';
import {nodeAffinity} from './nodeAffinity.ts';
import {nodeDeclaredFeatures} from './nodeDeclaredFeatures.ts';
import {nodeName} from './nodeName.ts';
import {nodePorts} from './nodePorts.ts';
import {nodeResourcesFit} from './nodeResourcesFit.ts';
import {nodeUnschedulable} from './nodeUnschedulable.ts';
import {nodeVolumeLimits} from './nodeVolumeLimits.ts';
import {podTopologySpread} from './podTopologySpread.ts';
import {schedulingGates} from './schedulingGates.ts';
import {taintToleration} from './taintToleration.ts';
import {volumeBinding} from './volumeBinding.ts';
import {volumeRestrictions} from './volumeRestrictions.ts';
import {volumeZone} from './volumeZone.ts';

/** What each plugin that can reject a pod listens to. */
export const EVENTS_TO_REGISTER: ReadonlyMap<string, EventsToRegister> = new Map<string, EventsToRegister>([
  ['SchedulingGates', schedulingGates],
  ['NodeUnschedulable', nodeUnschedulable],
  ['NodeName', nodeName],
  ['TaintToleration', taintToleration],
  ['NodeAffinity', nodeAffinity],
  ['NodePorts', nodePorts],
  ['NodeResourcesFit', nodeResourcesFit],
  ['VolumeRestrictions', volumeRestrictions],
  ['NodeVolumeLimits', nodeVolumeLimits],
  ['VolumeBinding', volumeBinding],
  ['VolumeZone', volumeZone],
  ['PodTopologySpread', podTopologySpread],
  ['InterPodAffinity', interPodAffinity],
  ['DynamicResources', dynamicResources],
  ['NodeDeclaredFeatures', nodeDeclaredFeatures],
]);
