import {HOSTNAME_LABEL} from '../../model/labels.ts';
import {PODS} from '../../model/resources.ts';
import {formatCount, formatPercent, formatResource} from '../../results/format.ts';
import type {ExplainedNode, NearestMiss, Rejection, RejectionDetail} from '../../simulator/explain/explanation.ts';
import {isMirrored} from '../../simulator/explain/repairs.ts';
import {podText} from './changeText.ts';

/** Values named of all that differ within a group. */
const MOST_VALUES = 3;

/** What a plugin objects to on one node. */
export function rejectionText({reasons, details}: Rejection): string {
  if (details.length === 0) return reasons.join(', ');
  return details.flatMap((detail) => (isTold(detail, details) ? detailText([detail]) : [])).join('; ');
}

/** The objections of one plugin to several nodes that are turned down for the same. */
export function groupText(rejections: readonly Rejection[]): string {
  const [first] = rejections;
  if (first === undefined) return '';
  if (first.details.length === 0) return first.reasons.join(', ');
  return first.details
    .flatMap((detail, i) =>
      isTold(detail, first.details) ? detailText(rejections.map(({details}) => details[i]!)) : [],
    )
    .join('; ');
}

/** Siblings that keep away from each other need not be named twice. */
function isTold(detail: RejectionDetail, details: readonly RejectionDetail[]): boolean {
  return detail.kind !== 'PodAffinity' || detail.rule !== 'existingAntiAffinity' || !isMirrored(detail, details);
}

/** Nodes with equal keys are turned down for the same, if not by the same amount. */
export function groupKey({rejections}: ExplainedNode | NearestMiss): string {
  return JSON.stringify(
    rejections.map(({plugin, reported, reasons, details}) => [
      plugin,
      reported,
      details.length === 0 ? reasons : details.map(detailKey),
    ]),
  );
}

function detailKey(detail: RejectionDetail): readonly unknown[] {
  switch (detail.kind) {
    case 'Resource':
      return [detail.kind, detail.resource];
    case 'Taint':
      return [detail.kind, detail.taint];
    case 'NodeLabel':
      return [detail.kind, detail.source, detail.requirement];
    case 'HostPort':
      return [detail.kind, detail.port];
    case 'Spread':
      return [detail.kind, detail.topologyKey, regionOf(detail)];
    case 'PodAffinity':
      return [detail.kind, detail.rule, detail.selector, detail.topologyKey, regionOf(detail)];
    case 'Cordoned':
    case 'OtherNode':
      return [detail.kind];
  }
}

/** Every node is a hostname of its own, which would part all of them. */
function regionOf({
  topologyKey,
  domain,
}: {
  readonly topologyKey: string;
  readonly domain: string | null;
}): string | null {
  return topologyKey === HOSTNAME_LABEL && domain !== null ? HOSTNAME_LABEL : domain;
}

/** The same detail of one node or of several. */
function detailText(details: readonly RejectionDetail[]): string {
  const [first] = details;
  switch (first?.kind) {
    case undefined:
      return '';
    case 'Resource':
      return resourceText(details.filter((one) => one.kind === 'Resource'));
    case 'Taint':
      return `taint ${first.taint} is not tolerated`;
    case 'Cordoned':
      return 'cordoned';
    case 'NodeLabel': {
      const found = valuesOf(details.map((one) => (one.kind === 'NodeLabel' ? one.found : null)));
      const where = {nodeSelector: 'nodeSelector', nodeAffinity: 'node affinity', profile: "the profile's affinity"};
      return `${where[first.source]} wants ${first.requirement}; ${
        found === '' ? 'no such label' : `${details.length === 1 ? 'the node has' : 'they have'} ${found}`
      }`;
    }
    case 'OtherNode':
      return `a DaemonSet's pod made for node/${first.node}`;
    case 'HostPort': {
      const holders = valuesOf(
        details.map((one) => (one.kind === 'HostPort' && one.heldBy !== null ? podText(one.heldBy) : null)),
      );
      return `host port ${first.port} is taken${holders === '' ? '' : ` by ${holders}`}`;
    }
    case 'Spread':
      return spreadText(details.filter((one) => one.kind === 'Spread'));
    case 'PodAffinity':
      return affinityText(first, details);
  }
}

function resourceText(details: readonly Extract<RejectionDetail, {readonly kind: 'Resource'}>[]): string {
  const {resource, requested, allocatable} = details[0]!;
  if (resource === PODS) return `full: ${formatCount(allocatable)} pods is the most`;
  const short = rangeOf(
    details.map((one) => one.short),
    resource,
  );
  const free = details.map((one) => Math.max(0, one.free));
  const sizes = details.map((one) => one.allocatable);
  if (extremes(sizes)[1] === 0) return `no ${resource} at all`;
  const shares = details.map((one) => one.short / requested);
  const [least, most] = extremes(shares).map(formatPercent);
  const share = least === most ? least : `${least} to ${most}`;
  return `${resource} short of ${short} (${share} of the request; ${rangeOf(free, resource)} of ${rangeOf(sizes, resource)} free)`;
}

function spreadText(details: readonly Extract<RejectionDetail, {readonly kind: 'Spread'}>[]): string {
  const {topologyKey, domain, least, maxSkew} = details[0]!;
  if (domain === null) return `no label ${topologyKey} to spread over`;
  const counts = numbers(details.map(({pods}) => pods));
  const skews = numbers(details.map(({skew}) => skew));
  const place = details.length === 1 || topologyKey !== HOSTNAME_LABEL ? `${topologyKey}=${domain}` : 'each node';
  return `${place} has ${counts} matching, the fewest is ${least}: skew ${skews} with this pod, maxSkew ${maxSkew}`;
}

function affinityText(
  {rule, topologyKey, domain, selector}: Extract<RejectionDetail, {readonly kind: 'PodAffinity'}>,
  details: readonly RejectionDetail[],
): string {
  const all = details.filter((one) => one.kind === 'PodAffinity');
  if (domain === null) return `no label ${topologyKey}, which its ${rule === 'affinity' ? '' : 'anti-'}affinity needs`;
  const isOne = all.length === 1 || topologyKey !== HOSTNAME_LABEL;
  const place = isOne ? `${topologyKey}=${domain}` : 'these nodes';
  if (rule === 'affinity') return `affinity wants ${selector} nearby, and there is none on ${place}`;
  const names = [...new Set(all.flatMap(({pods}) => pods))];
  const count = isOne ? all[0]!.podCount : all.reduce((sum, {podCount}) => sum + podCount, 0);
  const more = count - 1;
  const pods = `${podText(names[0] ?? '')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
  if (rule === 'antiAffinity') return `anti-affinity to ${selector}: ${pods} on ${place}`;
  return `anti-affinity of ${pods} on ${place}, to ${selector}`;
}

/** There may be more nodes than a call can have arguments. */
function extremes(values: readonly number[]): readonly [least: number, most: number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** `3`, or `3 to 12`. */
function numbers(values: readonly number[]): string {
  const [least, most] = extremes(values);
  return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
}

function rangeOf(amounts: readonly number[], resource: string): string {
  const [least, most] = extremes(amounts).map((amount) => formatResource(resource, amount));
  return least === most ? least! : `${least} to ${most}`;
}

function valuesOf(values: readonly (string | null)[]): string {
  const distinct = [...new Set(values.filter((value) => value !== null))];
  const more = distinct.length - MOST_VALUES;
  return `${distinct.slice(0, MOST_VALUES).join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}
