import {type Diagnostics, escapePointer, placeOf} from '../model/diagnostic.ts';
import {below, type SourceDocument} from './documents.ts';

/** The lists of a snapshot and what their items are; the items themselves do not say. */
const LISTS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  namespaces: ['v1', 'Namespace'],
  priorityClasses: ['scheduling.k8s.io/v1', 'PriorityClass'],
  storageClasses: ['storage.k8s.io/v1', 'StorageClass'],
  pvs: ['v1', 'PersistentVolume'],
  pvcs: ['v1', 'PersistentVolumeClaim'],
  nodes: ['v1', 'Node'],
  pods: ['v1', 'Pod'],
};

/** Fields of older versions of KubeSchedulerConfiguration, none of which has a bearing on decisions. */
const FORMER_FIELDS = ['healthzBindAddress', 'metricsBindAddress'];
/** Plugins that went when their volumes became CSI volumes; NodeVolumeLimits counts those. */
const FORMER_PLUGINS = new Set(['EBSLimits', 'GCEPDLimits', 'AzureDiskLimits', 'CinderLimits']);

/** Whether a document is a snapshot of kube-scheduler-simulator, which has neither kind nor apiVersion. */
export function isSimulatorSnapshot(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value) || value.kind !== undefined || value.apiVersion !== undefined) return false;
  const lists = Object.keys(LISTS).filter((name) => value[name] === null || Array.isArray(value[name]));
  return lists.includes('pods') && lists.includes('nodes');
}

/** The objects of a snapshot, each with its kind, and its scheduler configuration. */
export function snapshotDocuments(document: SourceDocument, diagnostics: Diagnostics): SourceDocument[] {
  const snapshot = document.value as Readonly<Record<string, unknown>>;
  const documents = Object.entries(LISTS).flatMap(([name, [apiVersion, kind]]) => {
    const items = snapshot[name];
    if (!Array.isArray(items)) return [];
    return [{value: {apiVersion, kind: `${kind}List`, items}, origin: relocated(document.origin, name)}];
  });
  for (const name of Object.keys(snapshot)) {
    if (name === 'schedulerConfig' || (Object.hasOwn(LISTS, name) && Array.isArray(snapshot[name] ?? []))) continue;
    diagnostics.warn('STW-2007', `"${name}" is no part of a simulator snapshot; left out`, {
      hint: `its parts are ${[...Object.keys(LISTS), 'schedulerConfig'].join(', ')}`,
      place: placeOf(document.origin, `/${escapePointer(name)}`),
    });
  }
  const configuration = snapshot.schedulerConfig;
  if (configuration === undefined || configuration === null) return documents;
  const origin = below(document.origin, '/schedulerConfig');
  const value = isRecord(configuration) ? upgraded({value: configuration, origin}, diagnostics) : configuration;
  return [...documents, {value, origin, role: 'schedulerConfiguration'}];
}

/** Pointers below `/items` of a list, in the snapshot. */
function relocated({file, at}: SourceDocument['origin'], name: string): SourceDocument['origin'] {
  return {file, at: (pointer) => at(`/${name}${pointer.replace(/^\/items(?=\/|$)/, '')}`)};
}

/** The configuration as v1, whatever version the simulator was built with. */
function upgraded(
  {value, origin}: {readonly value: Readonly<Record<string, unknown>>; readonly origin: SourceDocument['origin']},
  diagnostics: Diagnostics,
): unknown {
  const {profiles, ...rest} = Object.fromEntries(Object.entries(value).filter(([key]) => !FORMER_FIELDS.includes(key)));
  const dropped = new Set<string>();
  const result = {
    ...rest,
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    ...(profiles === undefined ? {} : {profiles: withoutFormerPlugins(profiles, dropped)}),
  };
  for (const field of FORMER_FIELDS.filter((name) => Object.hasOwn(value, name))) {
    diagnostics.warn(
      'STW-2011',
      `the field ${field} is of an older version and has no bearing on decisions; left out`,
      {
        place: placeOf(origin, `/${field}`),
      },
    );
  }
  if (dropped.size > 0) {
    const names = [...dropped].sort().join(', ');
    diagnostics.warn('STW-2011', `the scheduler has no plugins ${names} any more; they are left out`, {
      hint: 'NodeVolumeLimits counts the volumes of all drivers',
      place: placeOf(origin, '/profiles'),
    });
  }
  return result;
}

/** Plugins stand by name in lists at any extension point, and their arguments in `pluginConfig`. */
function withoutFormerPlugins(value: unknown, dropped: Set<string>): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isFormerPlugin(item, dropped)).map((item) => withoutFormerPlugins(item, dropped));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFormerPlugins(item, dropped)]));
}

function isFormerPlugin(item: unknown, dropped: Set<string>): boolean {
  const name = isRecord(item) ? item.name : undefined;
  if (typeof name !== 'string' || !FORMER_PLUGINS.has(name)) return false;
  dropped.add(name);
  return true;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
