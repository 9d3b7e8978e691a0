import type {KubernetesVersion} from '../simulation.ts';
import {argumentType, type V1Arguments} from './argumentTypes.ts';
import type {ReportError} from './fieldPath.ts';
import {type DecodingProblem, decode, isRecord, jsonTypeOf} from './goType.ts';
import {API_VERSION, configurationType, KIND, type V1Configuration, type V1Profile} from './v1.ts';

/** One entry of pluginConfig: `typed` holds the arguments of a plugin that takes some, under its name. */
export interface DecodedPluginConfig {
  readonly name: string;
  readonly args: unknown;
  readonly typed: Partial<V1Arguments>;
}

export interface DecodedProfile extends Omit<V1Profile, 'pluginConfig'> {
  readonly pluginConfig: readonly DecodedPluginConfig[];
}

export interface DecodedConfiguration extends Omit<V1Configuration, 'profiles'> {
  /** At least one: a file without profiles has one that says nothing. */
  readonly profiles: readonly DecodedProfile[];
}

const EMPTY_PROFILE: V1Profile = {
  schedulerName: null,
  percentageOfNodesToScore: null,
  plugins: null,
  pluginConfig: null,
};
const GROUP = 'kubescheduler.config.k8s.io';
const STRICT = 'strict decoding error: ';
const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/**
 * Decodes a document as kube-scheduler decodes its file, strictly. What it would stop at is reported along with
 * everything that it would have found later; undefined when the document cannot be used.
 */
export function decodeConfiguration(
  value: unknown,
  version: KubernetesVersion,
  report: ReportError,
): DecodedConfiguration | undefined {
  const mistake = kindError(value, version);
  if (mistake !== undefined) {
    report(mistake.pointer, mistake.message);
    return undefined;
  }
  const [configuration, problems] = decode(configurationType(version), value, '');
  const failures = [...problems.fatal, ...problems.types];
  const unknown = problems.unknownFields.map(({pointer, message}) => ({pointer, message: `${STRICT}${message}`}));
  const given = configuration.profiles?.length ? configuration.profiles : [EMPTY_PROFILE];
  const profiles = given.map((profile, i) => ({
    ...profile,
    pluginConfig: (profile.pluginConfig ?? []).map((entry, j) => {
      const decoded = decodeArguments(entry, `profiles[${i}].pluginConfig[${j}]`, version);
      const pointer = `/profiles/${i}/pluginConfig/${j}/args`;
      failures.push(...decoded.failures.map((problem) => ({...problem, pointer: pointer + problem.pointer})));
      unknown.push(...decoded.unknown.map((problem) => ({...problem, pointer: pointer + problem.pointer})));
      return {...entry, typed: decoded.typed};
    }),
  }));
  for (const {pointer, message} of [...failures, ...unknown]) report(pointer, message);
  return failures.length > 0 ? undefined : {...configuration, profiles};
}

interface DecodedArguments {
  readonly typed: Partial<V1Arguments>;
  readonly failures: readonly DecodingProblem[];
  readonly unknown: readonly DecodingProblem[];
}

function decodeArguments(
  {name, args}: {readonly name: string; readonly args: unknown},
  entry: string,
  version: KubernetesVersion,
): DecodedArguments {
  const type = argumentType(name, version);
  if (type === undefined) return {typed: {}, failures: [], unknown: []};
  const mistake = metaError(args ?? {});
  const decoding = `decoding .${entry}: `;
  const plugin = `decoding args for plugin ${name}: `;
  const refused = ({pointer, message}: DecodingProblem): DecodedArguments => ({
    typed: {},
    failures: [{pointer, message: decoding + message}],
    unknown: [],
  });
  if (mistake !== undefined) return refused({...mistake, message: plugin + mistake.message});
  const own = args ?? {};
  const {apiVersion = API_VERSION, kind = `${name}Args`} = withoutEmpty(own as TypeMeta);
  if (apiVersion !== API_VERSION || !isRegistered(kind, version)) {
    const pointer = apiVersion === API_VERSION ? '/kind' : '/apiVersion';
    return refused({pointer, message: plugin + unregistered(apiVersion, kind)});
  }
  if (kind !== `${name}Args`) {
    const message = `args for plugin ${name} were not of type ${name}Args.${GROUP}, got ${kind}.${GROUP}`;
    return refused({pointer: '/kind', message});
  }
  const [typed, problems] = decode(type, own, '');
  const strict = `${STRICT}${decoding}${STRICT}${plugin}${STRICT}`;
  return {
    typed: {[name]: typed},
    failures: [...problems.fatal, ...problems.types].map(({pointer, message}) => ({
      pointer,
      message: decoding + plugin + message,
    })),
    unknown: problems.unknownFields.map(({pointer, message}) => ({pointer, message: strict + message})),
  };
}

/** Why a document is not a configuration of this API. */
function kindError(value: unknown, version: KubernetesVersion): DecodingProblem | undefined {
  const mistake = metaError(value);
  if (mistake !== undefined) return mistake;
  const {apiVersion, kind} = withoutEmpty((value ?? {}) as TypeMeta);
  if (kind === undefined) return {pointer: '', message: "Object 'Kind' is missing"};
  if (apiVersion === undefined) return {pointer: '', message: "Object 'apiVersion' is missing"};
  if (apiVersion !== API_VERSION) return {pointer: '/apiVersion', message: unregistered(apiVersion, kind)};
  if (kind === KIND) return undefined;
  const message = isRegistered(kind, version)
    ? `couldn't decode as ${KIND}, got ${apiVersion}, Kind=${kind}: `
    : unregistered(apiVersion, kind);
  return {pointer: '/kind', message};
}

interface TypeMeta {
  readonly apiVersion?: string | null;
  readonly kind?: string | null;
}

/** Why the kind of a value cannot be known. */
function metaError(value: unknown): DecodingProblem | undefined {
  const error = (pointer: string, found: unknown, target: string): DecodingProblem => ({
    pointer,
    message: `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonTypeOf(found)} into Go ${target}`,
  });
  if (value === null) return undefined;
  if (!isRecord(value)) return error('', value, `value of type ${TYPE_META}`);
  const field = ['apiVersion', 'kind'].find((name) => typeof (value[name] ?? '') !== 'string');
  return field === undefined ? undefined : error(`/${field}`, value[field], `struct field .${field} of type string`);
}

function withoutEmpty({apiVersion, kind}: TypeMeta): {readonly apiVersion?: string; readonly kind?: string} {
  return {...(apiVersion ? {apiVersion} : {}), ...(kind ? {kind} : {})};
}

function isRegistered(kind: string, version: KubernetesVersion): boolean {
  return kind === KIND || (kind.endsWith('Args') && argumentType(kind.slice(0, -'Args'.length), version) !== undefined);
}

function unregistered(apiVersion: string, kind: string): string {
  return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`;
}
