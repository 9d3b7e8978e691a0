import {HOSTNAME_LABEL, labelValue} from '../../model/labels.ts';
import type {Node} from '../../model/node.ts';

/** What the domain of a node is called in a topology: the value of the label, or the node's name for its hostname. */
export function domainName({labels, name}: Node, key: string): string {
  return labelValue(labels, key) ?? (key === HOSTNAME_LABEL ? name : '');
}
