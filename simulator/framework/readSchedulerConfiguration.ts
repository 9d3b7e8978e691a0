import {type Diagnostics, type Origin, placeOf} from '../../model/diagnostic.ts';
import {buildProfile} from '../configuration/buildProfile.ts';
import {decodeConfiguration} from '../configuration/decodeConfiguration.ts';
import {reportDuplicateKeys} from '../configuration/duplicateKeys.ts';
import {leaveOutExtenderResources} from '../configuration/extenders.ts';
import type {ReportError} from '../configuration/fieldPath.ts';
import {reportWhatIsNotSimulated} from '../configuration/notSimulated.ts';
import {validateSharedQueue} from '../configuration/sharedQueue.ts';
import {backoff, validateConfiguration} from '../configuration/validateConfiguration.ts';
import type {KubernetesVersion} from '../simulation.ts';
import {defaultSchedulerConfiguration, type SchedulerConfiguration} from './schedulerConfiguration.ts';

/**
 * Reads a KubeSchedulerConfiguration (v1) as kube-scheduler does and works the defaults of a version in. What
 * kube-scheduler would refuse becomes an error in its words, what is not simulated a warning; the defaults stand in
 * for a document that cannot be read at all.
 *
 * kube-scheduler stops at the first stage that fails, and there often at the first error; here all of them are found,
 * in the order in which it would come upon them: strict decoding, validation, the making of extenders and profiles.
 */
export function readSchedulerConfiguration(
  value: unknown,
  origin: Origin,
  version: KubernetesVersion,
  diagnostics: Diagnostics,
): SchedulerConfiguration {
  const error: ReportError = (pointer, message) =>
    diagnostics.error('STW-1011', message, {place: placeOf(origin, pointer)});
  const notSimulated: ReportError = (pointer, message) =>
    diagnostics.warn('STW-3001', message, {place: placeOf(origin, pointer)});

  reportDuplicateKeys(value, origin, diagnostics);
  const configuration = decodeConfiguration(value, version, error);
  if (configuration === undefined) return defaultSchedulerConfiguration(version);
  validateConfiguration(configuration, version, error);
  reportWhatIsNotSimulated(configuration, version, notSimulated);
  const built = configuration.profiles.map((profile, i) =>
    buildProfile(profile, `/profiles/${i}`, version, {error, notSimulated}),
  );
  validateSharedQueue(configuration.profiles, built, error);
  return {
    profiles: leaveOutExtenderResources(configuration, built, error),
    percentageOfNodesToScore: configuration.percentageOfNodesToScore,
    ...backoff(configuration),
  };
}
