import type {Volume} from '../../model/kubernetes.ts';
import {defaultFieldReference, isFields} from './containerDefaults.ts';

/** The default access mode of files that come from a ConfigMap, Secret or the pod itself: 0644. */
const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

/** A volume with the API's defaults; one that names no source is an emptyDir. */
export function defaultVolume(volume: Volume): Volume {
  const {configMap, secret, downwardAPI, projected, hostPath, ephemeral} = volume;
  if (Object.keys(volume).every((field) => field === 'name')) return {...volume, emptyDir: {}};
  return {
    ...volume,
    ...(isFields(configMap) ? {configMap: {defaultMode: FILE_MODE, ...configMap}} : {}),
    ...(isFields(secret) ? {secret: {defaultMode: FILE_MODE, ...secret}} : {}),
    ...(isFields(downwardAPI) ? {downwardAPI: {defaultMode: FILE_MODE, ...withItems(downwardAPI)}} : {}),
    ...(isFields(projected) ? {projected: {defaultMode: FILE_MODE, ...withSources(projected)}} : {}),
    ...(isFields(hostPath) ? {hostPath: {type: '', ...hostPath}} : {}),
    ...(isFields(ephemeral) ? {ephemeral: withClaimDefaults(ephemeral)} : {}),
  };
}

/** The spec of a claim with the API's defaults. */
export function defaultClaimSpec(spec: unknown): Readonly<Record<string, unknown>> {
  return {volumeMode: 'Filesystem', ...(isFields(spec) ? spec : {})};
}

function withClaimDefaults(ephemeral: NonNullable<Volume['ephemeral']>): NonNullable<Volume['ephemeral']> {
  const {volumeClaimTemplate} = ephemeral;
  if (volumeClaimTemplate === undefined) return ephemeral;
  return {
    ...ephemeral,
    volumeClaimTemplate: {...volumeClaimTemplate, spec: defaultClaimSpec(volumeClaimTemplate.spec)},
  };
}

function withItems(source: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const {items} = source;
  return Array.isArray(items) ? {...source, items: items.map(defaultFieldReference)} : source;
}

function withSources(projected: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const {sources} = projected;
  return Array.isArray(sources) ? {...projected, sources: sources.map(defaultSource)} : projected;
}

function defaultSource(source: unknown): unknown {
  if (!isFields(source)) return source;
  const {downwardAPI, serviceAccountToken} = source;
  return {
    ...source,
    ...(isFields(downwardAPI) ? {downwardAPI: withItems(downwardAPI)} : {}),
    ...(isFields(serviceAccountToken)
      ? {serviceAccountToken: {expirationSeconds: TOKEN_SECONDS, ...serviceAccountToken}}
      : {}),
  };
}
