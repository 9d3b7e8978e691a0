/** The queue is one for all profiles, so all of them have to sort it alike. */
import type {Profile} from '../framework/profile.ts';
import {isAtLeast, type KubernetesVersion} from '../simulation.ts';
import type {DecodedProfile} from './decodeConfiguration.ts';
import {type FieldPath, goJson, type ReportError} from './fieldPath.ts';
import type {V1PluginSet} from './v1.ts';

/** What the validation of a configuration asks. */
export function validateCommonQueueSort(
  profiles: readonly DecodedProfile[],
  path: FieldPath,
  version: KubernetesVersion,
): void {
  const [first, ...others] = profiles.map(({plugins}) => internalPluginSet(plugins?.queueSort));
  const sorter = first!.Enabled?.[0]?.Name;
  if (first!.Enabled !== null && first!.Enabled.length > 1) {
    const own = path.index(0).child('plugins', 'queueSort', 'Enabled');
    own.invalid(first!.Enabled.length, 'only one queue sort plugin can be enabled');
  }
  const detail = `${isAtLeast(version, '1.34') ? '' : 'queueSort '}must be the same for all profiles`;
  const argsOf = ({pluginConfig}: DecodedProfile): readonly unknown[] =>
    pluginConfig.filter(({name}) => name === sorter).map(({args}) => args);
  const canonicalArgs = argsOf(profiles[0]!).at(-1);
  for (const [i, set] of others.entries()) {
    const own = path.index(i + 1);
    if (goJson(set) !== goJson(first)) own.child('plugins', 'queueSort').invalid(set, detail);
    for (const args of argsOf(profiles[i + 1]!)) {
      if (sameArguments(args, canonicalArgs)) continue;
      own.child('pluginConfig', 'args').invalid(sorted(args), 'queueSort must be the same for all profiles');
    }
  }
}

/** What is asked of the profiles once they are made. The arguments of a sorter that is named have been compared before. */
export function validateSharedQueue(
  profiles: readonly DecodedProfile[],
  built: readonly Profile[],
  report: ReportError,
): void {
  if (profiles[0]!.plugins?.queueSort.enabled?.length) return;
  const sorter = built[0]!.plugins.queueSort[0];
  const argsOf = ({pluginConfig}: DecodedProfile): unknown => pluginConfig.find(({name}) => name === sorter)?.args;
  for (const [i, profile] of profiles.entries()) {
    if (sameArguments(argsOf(profile), argsOf(profiles[0]!))) continue;
    const {schedulerName} = built[i]!;
    report(
      `/profiles/${i}/pluginConfig`,
      `initializing profiles: different queue sort plugin args for profile "${schedulerName}"`,
    );
  }
}

function sameArguments(a: unknown, b: unknown): boolean {
  return goJson(sorted(a ?? null)) === goJson(sorted(b ?? null));
}

/** Arguments of plugins that have no type are kept as JSON, which YAML becomes with its keys sorted. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

interface InternalPlugin {
  readonly Name: string;
  readonly Weight: number;
}

/** A set as messages show it. */
function internalPluginSet(set: V1PluginSet | undefined): {
  readonly Enabled: readonly InternalPlugin[] | null;
  readonly Disabled: readonly InternalPlugin[] | null;
} {
  const enabled = (set?.enabled ?? []).map(({name, weight}) => ({Name: name, Weight: weight ?? 0}));
  const disabled = (set?.disabled ?? []).map(({name}) => ({Name: name, Weight: 0}));
  return {Enabled: enabled.length === 0 ? null : enabled, Disabled: disabled.length === 0 ? null : disabled};
}
