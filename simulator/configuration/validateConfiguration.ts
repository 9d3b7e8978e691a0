/** What kube-scheduler asks of a configuration before it makes any plugin. */
import {extensionPoints} from '../framework/defaultPlugins.ts';
import {DEFAULT_BACKOFF} from '../framework/schedulerConfiguration.ts';
import type {KubernetesVersion} from '../simulation.ts';
import type {DecodedConfiguration, DecodedProfile} from './decodeConfiguration.ts';
import {formatDuration, SECOND} from './duration.ts';
import {FieldPath, type ReportError} from './fieldPath.ts';
import {labelKeyErrors} from './labelFormats.ts';
import {validateCommonQueueSort} from './sharedQueue.ts';
import {API_VERSION, type V1Extender, type V1LeaderElection} from './v1.ts';
import {validateArguments} from './validateArguments.ts';

/** Limits of volumes that are CSI's today. */
const REMOVED_PLUGINS = ['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits'];

export function isRemovedPlugin(name: string): boolean {
  return REMOVED_PLUGINS.includes(name);
}

export function validateConfiguration(
  configuration: DecodedConfiguration,
  version: KubernetesVersion,
  report: ReportError,
): void {
  const root = new FieldPath(report);
  const {clientConnection, leaderElection, parallelism, percentageOfNodesToScore, extenders} = configuration;
  const {podInitialBackoffSeconds: initial, podMaxBackoffSeconds: longest} = backoff(configuration);
  if (clientConnection.burst < 0) {
    root.child('clientConnection', 'burst').invalid(clientConnection.burst, 'must be non-negative');
  }
  validateLeaderElection(leaderElection, root.child('leaderElection'));
  if (parallelism !== null && parallelism <= 0) {
    root.child('parallelism').invalid(parallelism, 'should be an integer value greater than zero');
  }
  validateProfiles(configuration.profiles, root.child('profiles'), version);
  validatePercentage(percentageOfNodesToScore, root.child('percentageOfNodesToScore'));
  if (initial <= 0) root.child('podInitialBackoffSeconds').invalid(initial, 'must be greater than 0');
  if (longest < initial) {
    const detail = 'must be greater than or equal to PodInitialBackoffSeconds';
    root.child('podMaxBackoffSeconds').invalid(longest, detail);
  }
  validateExtenders(extenders ?? [], root.child('extenders'));
}

/** With the defaults of kube-scheduler. */
export function backoff({
  podInitialBackoffSeconds,
  podMaxBackoffSeconds,
}: Pick<DecodedConfiguration, 'podInitialBackoffSeconds' | 'podMaxBackoffSeconds'>): {
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
} {
  return {
    podInitialBackoffSeconds: podInitialBackoffSeconds ?? DEFAULT_BACKOFF.podInitialBackoffSeconds,
    podMaxBackoffSeconds: podMaxBackoffSeconds ?? DEFAULT_BACKOFF.podMaxBackoffSeconds,
  };
}

function validateLeaderElection(given: V1LeaderElection, path: FieldPath): void {
  if (given.leaderElect === false) return;
  const lease = given.leaseDuration === 0 ? 15 * SECOND : given.leaseDuration;
  const renew = given.renewDeadline === 0 ? 10 * SECOND : given.renewDeadline;
  const positive = 'must be greater than zero';
  if (lease < 0) path.child('leaseDuration').invalid(formatDuration(lease), positive);
  if (renew < 0) path.child('renewDeadline').invalid(formatDuration(renew), positive);
  if (given.retryPeriod < 0) path.child('retryPeriod').invalid(formatDuration(given.retryPeriod), positive);
  if (lease <= renew) {
    path.child('leaseDuration').invalid(formatDuration(renew), 'must be greater than `RenewDeadline`');
  }
  if (given.resourceLock !== '' && given.resourceLock !== 'leases') {
    path.child('resourceLock').invalid(given.resourceLock, 'resourceLock value must be "leases"');
  }
}

function validatePercentage(percentage: number | null, path: FieldPath): void {
  if (percentage !== null && (percentage < 0 || percentage > 100)) {
    path.invalid(percentage, 'not in valid range [0-100]');
  }
}

function validateProfiles(profiles: readonly DecodedProfile[], path: FieldPath, version: KubernetesVersion): void {
  const seen = new Set<string>();
  for (const [i, profile] of profiles.entries()) {
    const own = path.index(i);
    // Only a profile that stands alone may leave its name out.
    const name = profile.schedulerName ?? (profiles.length === 1 ? null : '');
    if (name === '') own.child('schedulerName').required();
    validatePercentage(profile.percentageOfNodesToScore, own.child('percentageOfNodesToScore'));
    validatePlugins(profile, own, version);
    // The message shows the path of the other name, of which nothing is public.
    if (name !== null && seen.has(name)) own.child('schedulerName').duplicate({});
    if (name !== null) seen.add(name);
  }
  validateCommonQueueSort(profiles, path, version);
}

function validatePlugins(profile: DecodedProfile, path: FieldPath, version: KubernetesVersion): void {
  const removed = (name: string, own: FieldPath): void => {
    if (!isRemovedPlugin(name)) return;
    own.invalid(name, `was invalid in version "v1" (KubeSchedulerConfiguration is version "${API_VERSION}")`);
  };
  for (const point of extensionPoints(version)) {
    // Nobody looks for them in multiPoint, nor at the points of pod groups.
    if (point === 'placementGenerate' || point === 'placementScore') continue;
    for (const [i, {name}] of (profile.plugins?.[point].enabled ?? []).entries()) {
      removed(name, path.child('plugins', point, 'enabled').index(i));
    }
  }
  const seen = new Set<string>();
  for (const [i, {name, typed}] of profile.pluginConfig.entries()) {
    const own = path.child('pluginConfig').index(i);
    if (seen.has(name)) own.duplicate(name);
    seen.add(name);
    removed(name, own);
    validateArguments(typed, own.child('args'), version);
  }
}

function validateExtenders(extenders: readonly V1Extender[], path: FieldPath): void {
  const seen = new Set<string>();
  for (const [i, {prioritizeVerb, weight, managedResources}] of extenders.entries()) {
    const own = path.index(i);
    if (prioritizeVerb !== '' && weight <= 0) {
      own.child('weight').invalid(weight, 'must have a positive weight applied to it');
    }
    for (const [j, {name}] of (managedResources ?? []).entries()) {
      const namePath = own.child('managedResources').index(j).child('name');
      validateExtendedResourceName(name, namePath);
      if (seen.has(name)) namePath.invalid(name, 'duplicate extender managed resource name');
      seen.add(name);
    }
  }
  const binders = extenders.filter(({bindVerb}) => bindVerb !== '').length;
  if (binders > 1) path.invalid(`found ${binders} extenders implementing bind`, 'only one extender can implement bind');
}

function validateExtendedResourceName(name: string, path: FieldPath): void {
  const errors = labelKeyErrors(name);
  for (const error of errors) path.invalid(name, error);
  if (errors.length > 0) return;
  const isNative = !name.includes('/') || name.includes('kubernetes.io/') || name.startsWith('requests.');
  if (isNative || labelKeyErrors(`requests.${name}`).length > 0) {
    path.invalid(name, 'is an invalid extended resource name');
  }
}
