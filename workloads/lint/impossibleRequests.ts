import type {Node} from '../../model/node.ts';
import {formatAmount, PODS, type Resources} from '../../model/resources.ts';
import {finding, type LintRule} from './finding.ts';

/** Pods that no node could take even if it were empty. */
export const impossibleRequests: LintRule = ({classes, nodes}) => {
  const machines = distinctMachines(nodes);
  if (machines.length === 0) return [];
  return classes.flatMap((podClass) => {
    const {requests} = podClass;
    if (machines.some((allocatable) => lacking(requests, allocatable).length === 0)) return [];
    const least = machines
      .map((allocatable) => lacking(requests, allocatable))
      .reduce((best, names) => (names.length < best.length ? names : best));
    const wanted = least.map((name) => {
      const most = Math.max(...machines.map((allocatable) => allocatable[name] ?? 0));
      return `${name} ${formatAmount(name, requests[name] ?? 1)} (the largest node has ${formatAmount(name, most)})`;
    });
    return [finding('STW-4004', podClass, `fits no node: asks for ${wanted.join(', ')}`)];
  });
};

function lacking(requests: Resources, allocatable: Resources): string[] {
  if ((allocatable[PODS] ?? 0) < 1) return [PODS];
  return Object.keys(requests)
    .sort()
    .filter((name) => requests[name]! > 0 && requests[name]! > (allocatable[name] ?? 0));
}

function distinctMachines(nodes: readonly Node[]): Resources[] {
  const machines = new Map<string, Resources>();
  for (const {allocatable} of nodes) {
    const key = Object.keys(allocatable)
      .sort()
      .map((name) => `${name}=${allocatable[name]}`)
      .join();
    machines.set(key, allocatable);
  }
  return [...machines.values()];
}
