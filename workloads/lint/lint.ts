import type {ClusterModel} from '../../model/clusterModel.ts';
import {type Diagnostic, Diagnostics} from '../../model/diagnostic.ts';
import {floatingImages} from './floatingImages.ts';
import {impossibleRequests} from './impossibleRequests.ts';
import {limitRangeConflicts} from './limitRangeConflicts.ts';
import {limitsFarAboveRequests} from './limitsFarAboveRequests.ts';
import {missingRequests} from './missingRequests.ts';
import {quotasNearlyFull} from './quotasNearlyFull.ts';

const RULES = [
  missingRequests,
  limitsFarAboveRequests,
  quotasNearlyFull,
  impossibleRequests,
  floatingImages,
  limitRangeConflicts,
] as const;

/** What is risky in a cluster, rule by rule; what is wrong was already found on the way in. Equal findings count once. */
export function lint(model: ClusterModel): readonly Diagnostic[] {
  const findings = new Diagnostics();
  for (const rule of RULES) for (const one of rule(model)) findings.add(one);
  return findings.all;
}
