/** The comparison with the machines of the input. */
export const TODAY = 'today';

/** How a report names what a plan is compared with. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['karpenter', 'Karpenter-style'],
  ['cluster-autoscaler, least-waste', 'Cluster Autoscaler, least waste'],
  ['cluster-autoscaler, price', 'Cluster Autoscaler, by price'],
  [TODAY, "today's fleet"],
]);

export function alternativeName(name: string): string {
  return NAMES.get(name) ?? name;
}
