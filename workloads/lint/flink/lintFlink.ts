import type {ClusterModel} from '../../../model/clusterModel.ts';
import {type Diagnostic, Diagnostics} from '../../../model/diagnostic.ts';
import {type FlinkInput, flinkSubjects} from './flinkSubject.ts';
import {idleSlots} from './idleSlots.ts';
import {memoryPerCore} from './memoryPerCore.ts';
import {processesOverLimits} from './processesOverLimits.ts';
import {requestsBelowProcesses} from './requestsBelowProcesses.ts';
import {retainedTaskManagers} from './retainedTaskManagers.ts';
import {startupFailures} from './startupFailures.ts';
import {wastedSlots} from './wastedSlots.ts';
import {wrongUnits} from './wrongUnits.ts';

const RULES = [
  startupFailures,
  processesOverLimits,
  requestsBelowProcesses,
  idleSlots,
  wastedSlots,
  memoryPerCore,
  retainedTaskManagers,
  wrongUnits,
] as const;

/** What is risky or wasteful in the Flink resources of the input, rule by rule. Equal findings count once. */
export function lintFlink(model: ClusterModel, input: FlinkInput): readonly Diagnostic[] {
  const subjects = flinkSubjects(model, input);
  const findings = new Diagnostics();
  for (const rule of RULES) for (const subject of subjects) for (const one of rule(subject)) findings.add(one);
  return findings.all;
}
