import type {ClusterModel} from '../../model/clusterModel.ts';
import type {LabelSelector} from '../../model/kubernetes.ts';
import {type Pod, podKey} from '../../model/pod.ts';
import type {Framework} from '../framework/framework.ts';
import {type AffinityTerm, matchesExisting, matchesIncoming} from '../plugins/interPodAffinity/affinityTerms.ts';
import {InterPodAffinity} from '../plugins/interPodAffinity/interPodAffinity.ts';
import type {Scheduler} from '../scheduler.ts';
import {isAtLeast} from '../simulation.ts';
import type {Domains} from '../state/topology.ts';
import {formatRequirement} from './change.ts';
import {domainName} from './domainName.ts';
import type {RejectionDetail} from './explanation.ts';

/** Pods named of all that a rule is about. */
const MOST_PODS = 3;

interface Found {
  count: number;
  readonly pods: string[];
}

/** A rule, and the pods it is about by domain. */
interface Rule {
  readonly rule: 'antiAffinity' | 'existingAntiAffinity';
  readonly term: number | null;
  readonly domains: Domains;
  readonly selector: string | null;
  readonly byDomain: Map<number, Found>;
}

interface Rules {
  readonly affinity: readonly AffinityTerm[];
  /** Domains with pods that satisfy all affinity terms, by term. */
  readonly satisfied: readonly ReadonlySet<number>[];
  readonly against: readonly Rule[];
}

/** Which pods keep a pod off a node by affinity or anti-affinity. The pods are looked through once, when first asked. */
export class PodAffinityDetails {
  readonly #model: ClusterModel;
  readonly #scheduler: Scheduler;
  readonly #plugin: InterPodAffinity | undefined;
  readonly #pod: Pod;
  #rules: Rules | undefined;

  constructor(model: ClusterModel, scheduler: Scheduler, {filterPlugins}: Framework, pod: Pod) {
    this.#model = model;
    this.#scheduler = scheduler;
    this.#plugin = filterPlugins.find((one) => one instanceof InterPodAffinity);
    this.#pod = pod;
  }

  on(node: number): readonly RejectionDetail[] {
    if (this.#plugin === undefined) return [];
    this.#rules ??= this.#findRules(this.#plugin);
    const {affinity, satisfied, against} = this.#rules;
    const nameOf = ({key, ofNode}: Domains): string | null =>
      ofNode[node]! < 0 ? null : domainName(this.#model.nodes[node]!, key);
    const isFirst =
      this.#plugin.relations.matchesItself(this.#pod.class) && satisfied.every((domains) => domains.size === 0);
    const missing = affinity.flatMap(({domains, labelSelector}, term): RejectionDetail[] => {
      const domain = domains.ofNode[node]!;
      if (domain >= 0 && (isFirst || satisfied[term]!.has(domain))) return [];
      return [
        {
          kind: 'PodAffinity',
          rule: 'affinity',
          term,
          topologyKey: domains.key,
          domain: nameOf(domains),
          selector: formatSelector(labelSelector),
          podCount: 0,
          pods: [],
        },
      ];
    });
    const present = against.flatMap(({rule, term, domains, selector, byDomain}): RejectionDetail[] => {
      const found = byDomain.get(domains.ofNode[node]!);
      if (found === undefined) return [];
      const {count: podCount, pods} = found;
      const common = {topologyKey: domains.key, domain: nameOf(domains), selector};
      return [{kind: 'PodAffinity', rule, term, ...common, podCount, pods}];
    });
    return [...missing, ...present];
  }

  #findRules({relations}: InterPodAffinity): Rules {
    const {nodes} = this.#model;
    const {state, handle} = this.#scheduler;
    const {objects} = handle;
    const incoming = this.#pod.class;
    const {requiredAffinity, requiredAntiAffinity} = relations.termsOf(incoming);
    const forgetsSelector = !isAtLeast(handle.kubernetesVersion, '1.34');
    const isTheirs = matchesIncoming(incoming, objects);
    const own = requiredAntiAffinity.map(
      ({domains, labelSelector}, term): Rule => ({
        rule: 'antiAffinity',
        term,
        domains,
        selector: formatSelector(labelSelector),
        byDomain: new Map(),
      }),
    );
    const existing = new Map<Domains, Rule>();
    const satisfied = requiredAffinity.map(() => new Set<number>());
    for (const node of nodes.keys()) {
      for (let index = state.pods.first(node); index >= 0; index = state.pods.next(index)) {
        const other = state.pods.at(index);
        const relation = relations.between(incoming, other.class);
        if (relation.affinity.length > 0) {
          for (const [term, {domains}] of requiredAffinity.entries()) satisfied[term]!.add(domains.ofNode[node]!);
        }
        if (relation.antiAffinity.length > 0) {
          const matches = matchesExisting(other.class, objects, forgetsSelector);
          for (const [term, one] of requiredAntiAffinity.entries()) if (matches(one)) note(own[term]!, other, node);
        }
        if (relation.existingAntiAffinity.length === 0) continue;
        for (const term of relations.termsOf(other.class).requiredAntiAffinity.filter(isTheirs)) {
          const {domains} = term;
          const rule = existing.get(domains) ?? {
            rule: 'existingAntiAffinity',
            term: null,
            domains,
            selector: formatSelector(term.labelSelector),
            byDomain: new Map(),
          };
          existing.set(domains, rule);
          note(rule, other, node);
        }
      }
    }
    for (const domains of satisfied) domains.delete(-1);
    return {affinity: requiredAffinity, satisfied, against: [...own, ...existing.values()]};
  }
}

function note({domains, byDomain}: Rule, pod: Pod, node: number): void {
  const domain = domains.ofNode[node]!;
  if (domain < 0) return;
  const found = byDomain.get(domain) ?? {count: 0, pods: []};
  found.count++;
  if (found.pods.length < MOST_PODS) found.pods.push(podKey(pod));
  byDomain.set(domain, found);
}

/** `app=web,tier In [a b]`; an empty selector is `everything`, none at all `nothing`. */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'nothing';
  const parts = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(selector.matchExpressions ?? []).map(formatRequirement),
  ];
  return parts.length === 0 ? 'everything' : parts.join(',');
}
