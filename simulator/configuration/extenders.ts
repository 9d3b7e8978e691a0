import type {Profile} from '../framework/profile.ts';
import type {DecodedConfiguration} from './decodeConfiguration.ts';
import type {ReportError} from './fieldPath.ts';

/**
 * Extenders can take resources out of kube-scheduler's hands. NodeResourcesFit then leaves those unchecked, in place of
 * the ones that its own arguments name.
 */
export function leaveOutExtenderResources(
  {extenders, profiles}: DecodedConfiguration,
  built: readonly Profile[],
  report: ReportError,
): readonly Profile[] {
  const ignoredResources = (extenders ?? []).flatMap(({managedResources}) =>
    (managedResources ?? []).filter(({ignoredByScheduler}) => ignoredByScheduler).map(({name}) => name),
  );
  if (ignoredResources.length === 0) return built;
  return built.map((profile, i) => {
    const hasArguments =
      profiles[i]!.pluginConfig.some(({typed}) => typed.NodeResourcesFit !== undefined) ||
      Object.values(profile.plugins).some((names) => names.includes('NodeResourcesFit'));
    if (!hasArguments) {
      report(`/profiles/${i}`, "couldn't build extenders: can't find NodeResourcesFitArgs in plugin config");
    }
    const {args} = profile;
    return {...profile, args: {...args, NodeResourcesFit: {...args.NodeResourcesFit, ignoredResources}}};
  });
}
