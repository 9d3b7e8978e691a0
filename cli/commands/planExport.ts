import {dump} from 'js-yaml';
import {clusterAutoscalerSettings} from '../../results/planExport/clusterAutoscaler.ts';
import {eksctlConfig} from '../../results/planExport/eksctl.ts';
import {karpenterNodePools} from '../../results/planExport/karpenter.ts';
import {plannedGroups} from '../../results/planExport/plannedGroups.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {readPlan} from '../readPlan.ts';

export interface PlanExportFlags {
  readonly format: string;
  readonly nodeClass: string;
  readonly cluster: string;
  readonly region: string;
}

export const EXPORT_FORMATS = ['karpenter', 'cluster-autoscaler', 'eksctl'] as const;

/** Writes the machines of a plan's file as the manifests of another tool. */
export function planExportCommand(path: string, flags: PlanExportFlags, io: Io): ExitCode {
  const format = EXPORT_FORMATS.find((known) => known === flags.format);
  if (format === undefined) throw new UsageError(`--format ${flags.format}: expected ${EXPORT_FORMATS.join(', ')}`);
  const groups = plannedGroups(readPlan(path));
  switch (format) {
    case 'karpenter':
      io.stdout.write(karpenterNodePools(groups, flags.nodeClass).map(document).join('---\n'));
      break;
    case 'eksctl':
      io.stdout.write(document(eksctlConfig(groups, {name: flags.cluster, region: flags.region})));
      break;
    case 'cluster-autoscaler': {
      const {arguments: settings, priorities, tags} = clusterAutoscalerSettings(groups);
      const comments = [
        'Arguments of cluster-autoscaler:',
        ...settings.map((one) => `  ${one}`),
        ...Object.entries(tags).flatMap(([name, own]) => {
          const lines = Object.entries(own).map(([key, value]) => `  ${key}=${value}`);
          return lines.length === 0 ? [] : [`Tags of the group ${name}:`, ...lines];
        }),
      ];
      io.stdout.write(`${comments.map((line) => `# ${line}\n`).join('')}${document(priorities)}`);
    }
  }
  return ExitCode.Ok;
}

function document(value: object): string {
  return dump(value, {noRefs: true, lineWidth: -1});
}
