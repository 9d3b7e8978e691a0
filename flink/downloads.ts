/** Who fetches how often what a job brings along: its jar, its files, and whatever its variables point to. */
import type {Container, KubernetesObject} from '../model/kubernetes.ts';
import {type ComponentPods, componentPods, containersOf} from './componentPods.ts';
import {isRecord} from './field.ts';
import type {Component, FlinkOutcome} from './flinkOutcome.ts';
import {specOf} from './specPath.ts';

export const WAYS = [
  'image',
  'volume',
  'variable',
  'init container',
  'artifact',
  'submission',
  'blob server',
  'class path',
] as const;

export interface Download {
  /** A URI or a path; null where only the program that fetches knows. */
  readonly what: string | null;
  readonly way: (typeof WAYS)[number];
  readonly by: Component | 'operator' | 'node';
  /** The container that fetches, and the variable that names what, where there is one. */
  readonly container: string | null;
  readonly variable: string | null;
  /** How often when everything starts once; null where it depends on more than the resource. */
  readonly times: number | null;
  readonly when: string;
  /** No resource tells the size. */
  readonly bytes: null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The downloads of a resource whose objects are made. A session job makes none: `taskManagers` is how many of its
 * cluster's it uses, null where that is not known.
 */
export function downloads(
  resource: KubernetesObject,
  outcome: FlinkOutcome,
  taskManagers: number | null = null,
): readonly Download[] {
  const job = jobOf(resource);
  if (resource.kind === 'FlinkSessionJob') {
    return outcome.kind === 'refused' ? [] : sessionJob(textOf(job?.jarURI), taskManagers);
  }
  if (outcome.kind !== 'objects') return [];
  const all = componentPods(outcome.objects);
  const programs = resource.kind === 'FlinkCluster' ? clusterJob(job, all) : deploymentJob(resource, job, all);
  const configured = outcome.flink?.configuration['user.artifacts.artifact-list'];
  const artifacts = isNative(resource) && job !== undefined ? artifactList(configured, all) : [];
  return [...programs, ...artifacts, ...all.flatMap(fromContainers)];
}

/** The jar of a FlinkCluster: the submitter has it and hands it on, or without a submitter everyone has it. */
function clusterJob(job: Fields | undefined, all: readonly ComponentPods[]): readonly Download[] {
  if (job === undefined) return [];
  const submitter = all.find(({component}) => component === 'submitter');
  if (submitter === undefined) return job.mode === 'Application' ? onBoth(USER_LIBRARY, all) : [];
  const programs = [job.jarFile, job.pyFile].flatMap((text) => textOf(text) ?? []);
  const paths = Array.isArray(job.classPath) ? job.classPath.filter((path) => isRemote(textOf(path) ?? '')) : [];
  return [
    ...programs.flatMap((program) => submitted(program, submitter, all)),
    ...(paths as readonly string[]).flatMap((path) => onClassPath(path, all)),
  ];
}

const USER_LIBRARY = '/opt/flink/usrlib';
const FROM_BLOB_SERVER = "before its first task, from the JobManager's blob server";

function submitted(program: string, submitter: ComponentPods, all: readonly ComponentPods[]): readonly Download[] {
  const isByVariable = variablesOf(submitter).some(({uri}) => uri === program);
  const found = isByVariable
    ? []
    : isRemote(program)
      ? [
          download(program, 'submission', 'submitter', submitter.pods, {
            when: 'when the job is submitted, if flink run can read the address',
          }),
        ]
      : [place(program, submitter)];
  return [
    ...found,
    download(program, 'submission', 'jobmanager', 1, {when: 'when the job is submitted, from the submitter'}),
    download(program, 'blob server', 'taskmanager', countOf('taskmanager', all), {when: FROM_BLOB_SERVER}),
  ];
}

function onClassPath(path: string, all: readonly ComponentPods[]): readonly Download[] {
  return all.map(({component, pods}) =>
    download(path, 'class path', component, pods, {when: "when the job's classes are loaded"}),
  );
}

/** The jar of a FlinkDeployment: in native mode the JobManager gets it and hands it on, otherwise everyone has it. */
function deploymentJob(
  resource: KubernetesObject,
  job: Fields | undefined,
  all: readonly ComponentPods[],
): readonly Download[] {
  const uri = textOf(job?.jarURI);
  if (uri === undefined) return [];
  if (!isNative(resource)) return onBoth(pathOf(uri), all);
  const jobManager = all.find(({component}) => component === 'jobmanager');
  if (jobManager === undefined) return [];
  return [
    isRemote(uri) ? artifact(uri, jobManager) : place(uri, jobManager),
    download(uri, 'blob server', 'taskmanager', countOf('taskmanager', all), {when: FROM_BLOB_SERVER}),
  ];
}

/** Artifacts beside the jar, which Flink 1.19 and later fetch. */
function artifactList(list: string | undefined, all: readonly ComponentPods[]): readonly Download[] {
  const jobManager = all.find(({component}) => component === 'jobmanager');
  if (list === undefined || jobManager === undefined) return [];
  const uris = list.split(';').map((text) => text.trim());
  return uris.filter(isRemote).map((uri) => artifact(uri, jobManager));
}

function artifact(uri: string, {pods}: ComponentPods): Download {
  return download(uri, 'artifact', 'jobmanager', pods, {when: 'at every start of the JobManager'});
}

function sessionJob(uri: string | undefined, taskManagers: number | null): readonly Download[] {
  if (uri === undefined) return [];
  return [
    download(uri, 'artifact', 'operator', 1, {when: 'whenever the job is submitted'}),
    download(uri, 'submission', 'jobmanager', 1, {when: 'whenever the job is submitted, from the operator'}),
    download(uri, 'blob server', 'taskmanager', taskManagers, {when: FROM_BLOB_SERVER}),
  ];
}

/** What JobManager and TaskManagers each need to have before they start. */
function onBoth(path: string, all: readonly ComponentPods[]): readonly Download[] {
  const places = all.filter(({component}) => component !== 'submitter').map((pods) => place(path, pods));
  const fromImage = places.filter(({way}) => way === 'image');
  return [...fromImage.slice(0, 1), ...places.filter(({way}) => way !== 'image')];
}

/** A file that a container finds: on the volume mounted nearest above it, or in the image. */
function place(text: string, {component, spec}: ComponentPods): Download {
  const path = pathOf(text);
  const [main] = containersOf(spec, 'containers').filter(({name}) => MAIN_CONTAINERS.has(name));
  const mounts = (Array.isArray(main?.volumeMounts) ? main.volumeMounts : [])
    .filter(
      (mount): mount is {mountPath: string; name: string} => isRecord(mount) && typeof mount.mountPath === 'string',
    )
    .filter(({mountPath}) => `${path}/`.startsWith(`${mountPath.replace(/\/+$/, '')}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  if (mounts[0] === undefined) {
    return download(text, 'image', 'node', null, {when: 'with the image, once on every node that lacks it'});
  }
  return download(text, 'volume', component, null, {when: `lies on volume ${mounts[0].name}, by whoever fills it`});
}

const MAIN_CONTAINERS: ReadonlySet<string> = new Set(['flink-main-container', 'jobmanager', 'taskmanager', 'main']);

/** Programs in containers: whatever their variables and commands point to. */
function fromContainers(pods: ComponentPods): readonly Download[] {
  const variables = variablesOf(pods);
  const init = containersOf(pods.spec, 'initContainers');
  return [
    ...init.flatMap((container) => fromInitContainer(container, pods, variables)),
    ...variables.map(({uri, variable, container}) =>
      download(uri, 'variable', pods.component, pods.pods, {
        container,
        variable,
        when: 'at every start of the container, if its program reads the variable',
      }),
    ),
  ];
}

function fromInitContainer(
  {name, command, args}: Container,
  {component, pods}: ComponentPods,
  variables: readonly Variable[],
): readonly Download[] {
  const words = [command, args].flatMap((list) => (Array.isArray(list) ? list : [])).filter(isText);
  const uris = words.flatMap((word) => word.match(URI_IN_TEXT) ?? []).filter(isRemote);
  const when = 'before the containers of a pod start';
  const details = {container: name, when};
  if (uris.length > 0) return uris.map((uri) => download(uri, 'init container', component, pods, details));
  if (variables.some(({container, isInit}) => isInit && container === name)) return [];
  return [download(null, 'init container', component, pods, details)];
}

interface Variable {
  readonly uri: string;
  readonly variable: string;
  readonly container: string;
  readonly isInit: boolean;
}

/** Variables that hold the address of something, or a list of addresses with commas between them. */
function variablesOf({spec}: ComponentPods): readonly Variable[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    containersOf(spec, list).flatMap(({name: container, env}) => {
      const values = new Map<string, string>();
      return (Array.isArray(env) ? env : []).flatMap((entry: unknown) => {
        if (!isRecord(entry) || !isText(entry.name) || !isText(entry.value)) return [];
        const {name: variable} = entry;
        const value = expanded(entry.value, values);
        values.set(variable, value);
        return addresses(value).map((uri) => ({uri, variable, container, isInit: list === 'initContainers'}));
      });
    }),
  );
}

/** As Kubernetes does it: `$(NAME)` stands for a variable above, `$$` for a dollar sign. */
function expanded(value: string, above: ReadonlyMap<string, string>): string {
  return value.replace(/\$\$|\$\(([^)]*)\)/g, (text, name) => (text === '$$' ? '$' : (above.get(name) ?? text)));
}

function addresses(value: string): readonly string[] {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.every(isRemote) ? parts : [];
}

const URI = /^([a-z][a-z0-9+.-]*):\/\/[^\s,]+$/i;
const URI_IN_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/[^\s,;'"|&<>()]+/gi;
/** Schemes of what is there already. */
const HERE: ReadonlySet<string> = new Set(['local', 'file']);

function isRemote(text: string): boolean {
  const scheme = URI.exec(text)?.[1];
  return scheme !== undefined && !HERE.has(scheme.toLowerCase());
}

/** `local:///opt/a.jar` and `file:/opt/a.jar` name the path. */
function pathOf(text: string): string {
  return text.replace(/^(?:local|file):(?:\/\/(?=\/))?/i, '');
}

function jobOf(resource: KubernetesObject): Fields | undefined {
  const {job} = specOf(resource);
  return isRecord(job) ? job : undefined;
}

function isNative(resource: KubernetesObject): boolean {
  return resource.kind !== 'FlinkCluster' && (specOf(resource).mode ?? 'native') === 'native';
}

function countOf(component: Component, all: readonly ComponentPods[]): number {
  return all.filter((one) => one.component === component).reduce((sum, {pods}) => sum + pods, 0);
}

function download(
  what: string | null,
  way: Download['way'],
  by: Download['by'],
  times: number | null,
  {when, container = null, variable = null}: {when: string; container?: string | null; variable?: string | null},
): Download {
  return {what, way, by, container, variable, times, when, bytes: null};
}

function textOf(value: unknown): string | undefined {
  return isText(value) && value !== '' ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
