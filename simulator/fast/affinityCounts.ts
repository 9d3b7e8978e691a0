import type {PodClass} from '../../model/pod.ts';
import type {AffinityRelation, AffinityRelations} from '../plugins/interPodAffinity/affinityRelation.ts';
import type {RelatedPods} from '../plugins/interPodAffinity/relatedPods.ts';
import type {Domains} from '../state/topology.ts';
import type {Place, Signature} from './signature.ts';

const NO_FILTERS = {affinity: [], antiAffinity: [], existingAntiAffinity: []} as const;

/** A number by domain of one topology. */
interface KeyCounts {
  readonly domains: Domains;
  readonly amounts: Float64Array;
  /** Place among the wide domains; -1 for a narrow topology. */
  readonly wide: number;
}

/** What pods of other classes mean to one class of incoming pods by (anti-)affinity, kept up to date pod by pod. */
export class AffinityCounts {
  readonly #relations: AffinityRelations;
  readonly #incoming: PodClass;
  readonly #filters: boolean;
  readonly #scores: boolean;
  readonly #affinity: readonly KeyCounts[];
  readonly #antiAffinity: readonly KeyCounts[];
  readonly #existingAntiAffinity: readonly KeyCounts[];
  readonly #sums: readonly KeyCounts[];
  readonly #required: readonly KeyCounts[];
  readonly #matchesItself: boolean;
  readonly #slot: number;
  /** Pairs of a pod near which the incoming one may be and a term; none lets the first of a group go anywhere. */
  #pairs = 0;

  /** `related` are all pods that could mean anything; a part that the profile leaves out is not counted. */
  constructor(
    incoming: PodClass,
    related: readonly RelatedPods[],
    relations: AffinityRelations,
    {filters, scores}: {readonly filters: boolean; readonly scores: boolean},
    signature: Signature,
  ) {
    this.#incoming = incoming;
    this.#relations = relations;
    this.#filters = filters;
    this.#scores = scores;
    const own = relations.termsOf(incoming);
    const all = related.map(({relation}) => relation);
    const counts = (keys: readonly Domains[]): KeyCounts[] =>
      [...new Set(keys)].map((domains) => ({
        domains,
        amounts: new Float64Array(domains.count),
        wide: signature.wide(domains),
      }));
    const {requiredAffinity, requiredAntiAffinity} = own;
    this.#affinity = counts(filters ? requiredAffinity.map(({domains}) => domains) : []);
    this.#antiAffinity = counts(filters ? requiredAntiAffinity.map(({domains}) => domains) : []);
    this.#existingAntiAffinity = counts(filters ? all.flatMap(({existingAntiAffinity}) => existingAntiAffinity) : []);
    this.#sums = counts(scores ? all.flatMap(({scores}) => scores.map(({domains}) => domains)) : []);
    this.#required = this.#affinity;
    this.#matchesItself = relations.matchesItself(incoming);
    const narrow = this.#sums.filter(({wide}) => wide < 0);
    this.#slot = narrow.length === 0 ? -1 : signature.slot((node) => sumAt(narrow, node));
  }

  get hasScores(): boolean {
    return this.#sums.length > 0;
  }

  get hasFilters(): boolean {
    return this.#required.length + this.#antiAffinity.length + this.#existingAntiAffinity.length > 0;
  }

  /** null for pods that mean nothing. */
  impactOf(existing: PodClass): AffinityRelation | null {
    return this.toImpact(this.#relations.between(this.#incoming, existing));
  }

  /** What of a relation is counted; null for nothing. */
  toImpact(relation: AffinityRelation): AffinityRelation | null {
    const {affinity, antiAffinity, existingAntiAffinity, scores} = relation;
    const filters = this.#filters && affinity.length + antiAffinity.length + existingAntiAffinity.length > 0;
    const counts = this.#scores && scores.length > 0;
    if (!filters && !counts) return null;
    if (this.#filters && this.#scores) return relation;
    return this.#filters ? {...relation, scores: []} : {...NO_FILTERS, scores};
  }

  /**
   * Counts a pod that came to a node, or left it; `onNarrow` is told of nodes whose place may have changed. Whether the
   * rule for the first of a group has changed, which concerns all nodes.
   */
  apply(
    {affinity, antiAffinity, existingAntiAffinity, scores}: AffinityRelation,
    node: number,
    sign: 1 | -1,
    onNarrow: (nodes: readonly number[]) => void,
  ): boolean {
    const wasFirst = this.#pairs === 0;
    for (const domains of affinity) if (add(this.#affinity, domains, node, sign, onNarrow)) this.#pairs += sign;
    for (const domains of antiAffinity) add(this.#antiAffinity, domains, node, sign, onNarrow);
    for (const domains of existingAntiAffinity) add(this.#existingAntiAffinity, domains, node, sign, onNarrow);
    for (const {domains, weight} of scores) add(this.#sums, domains, node, sign * weight, onNarrow);
    return wasFirst !== (this.#pairs === 0);
  }

  /** Whether a node lacks a label that a required affinity needs. */
  lacksKey(node: number): boolean {
    for (const {domains} of this.#required) if (domains.ofNode[node]! < 0) return true;
    return false;
  }

  /** Whether narrow topologies keep the pod off a node. */
  blocksNode(node: number): boolean {
    if (this.#required.length > 0 && !this.#isFirst()) {
      for (const {domains, amounts, wide} of this.#required) {
        if (wide < 0 && !(amounts[domains.ofNode[node]!]! > 0)) return true;
      }
    }
    return isAnyAtNode(this.#antiAffinity, node) || isAnyAtNode(this.#existingAntiAffinity, node);
  }

  /** Whether wide topologies let a pod into a cell. */
  allows({base}: Place): boolean {
    if (this.#required.length > 0 && !this.#isFirst()) {
      for (const {amounts, wide} of this.#required) {
        if (wide >= 0 && !(amounts[base.domains[wide]!]! > 0)) return false;
      }
    }
    return !isAnyInCell(this.#antiAffinity, base.domains) && !isAnyInCell(this.#existingAntiAffinity, base.domains);
  }

  /** The raw score of the nodes of a cell. */
  raw({base, values}: Place): number {
    let sum = this.#slot < 0 ? 0 : values[this.#slot]!;
    for (const {amounts, wide} of this.#sums) {
      if (wide >= 0 && base.domains[wide]! >= 0) sum += amounts[base.domains[wide]!]!;
    }
    return sum;
  }

  #isFirst(): boolean {
    return this.#pairs === 0 && this.#matchesItself;
  }
}

/** Whether the node is in a domain at all. */
function add(
  counts: readonly KeyCounts[],
  domains: Domains,
  node: number,
  amount: number,
  onNarrow: (nodes: readonly number[]) => void,
): boolean {
  const domain = domains.ofNode[node]!;
  if (domain < 0) return false;
  for (const own of counts) {
    if (own.domains !== domains) continue;
    own.amounts[domain]! += amount;
    if (own.wide < 0) onNarrow(domains.members(domain));
  }
  return true;
}

function sumAt(counts: readonly KeyCounts[], node: number): number {
  let sum = 0;
  for (const {domains, amounts} of counts) sum += amounts[domains.ofNode[node]!] ?? 0;
  return sum;
}

function isAnyAtNode(counts: readonly KeyCounts[], node: number): boolean {
  for (const {domains, amounts, wide} of counts) if (wide < 0 && amounts[domains.ofNode[node]!]! > 0) return true;
  return false;
}

function isAnyInCell(counts: readonly KeyCounts[], domains: readonly number[]): boolean {
  for (const {amounts, wide} of counts) if (wide >= 0 && amounts[domains[wide]!]! > 0) return true;
  return false;
}
