import {isInTree} from '../framework/defaultPlugins.ts';
import {REGISTRY} from '../plugins/registry.ts';
import type {KubernetesVersion} from '../simulation.ts';
import {argumentType} from './argumentTypes.ts';
import type {DecodedConfiguration, DecodedPluginConfig, DecodedProfile} from './decodeConfiguration.ts';
import type {ReportError} from './fieldPath.ts';
import {isRecord} from './goType.ts';
import {typeMeta} from './v1.ts';
import {isRemovedPlugin} from './validateConfiguration.ts';

/** What a configuration asks for that has no effect here. */
export function reportWhatIsNotSimulated(
  {extenders, profiles}: DecodedConfiguration,
  version: KubernetesVersion,
  report: ReportError,
): void {
  if (extenders !== null && extenders.length > 0) report('/extenders', 'scheduler extenders are not simulated');
  for (const [i, profile] of profiles.entries()) {
    reportSeparateStages(profile, `/profiles/${i}/plugins`, report);
    for (const [j, entry] of profile.pluginConfig.entries()) {
      const message = unusedArguments(entry, version);
      if (message !== undefined) report(`/profiles/${i}/pluginConfig/${j}`, message);
    }
  }
}

function unusedArguments({name, args}: DecodedPluginConfig, version: KubernetesVersion): string | undefined {
  if (argumentType(name, version) !== undefined || isRemovedPlugin(name)) return undefined;
  const saysNothing =
    args === null || (isRecord(args) && Object.keys(args).every((key) => Object.hasOwn(typeMeta, key)));
  if (saysNothing) return undefined;
  return isInTree(name, version)
    ? `plugin ${name} takes no arguments; those given here have no effect`
    : `arguments of plugin ${name} are not used: it is not simulated`;
}

/** PreFilter and PreScore run with the Filter and Score of their plugin here, so they cannot be switched off alone. */
function reportSeparateStages({plugins}: DecodedProfile, pointer: string, report: ReportError): void {
  for (const [stage, main] of [
    ['preFilter', 'filter'],
    ['preScore', 'score'],
  ] as const) {
    const disabled = (plugins?.[stage].disabled ?? []).map(({name}) => name);
    const affected = disabled.filter((name) => name === '*' || REGISTRY.has(name));
    if (affected.length === 0) continue;
    report(
      `${pointer}/${stage}/disabled`,
      `switching off ${stage} alone is not simulated (${affected.join(', ')}): it follows ${main}`,
    );
  }
}
