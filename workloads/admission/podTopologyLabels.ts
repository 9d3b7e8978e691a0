import {type Labels, labelValue, REGION_LABEL, ZONE_LABEL} from '../../model/labels.ts';

/** The plugin PodTopologyLabels: a pod that has a node carries the node's zone and region, whatever its own were. */
export function addTopologyLabels(labels: Labels, nodeLabels: Labels): Labels {
  let changed = labels;
  for (const key of [ZONE_LABEL, REGION_LABEL]) {
    const value = labelValue(nodeLabels, key);
    if (value !== undefined) changed = {...changed, [key]: value};
  }
  return changed;
}
