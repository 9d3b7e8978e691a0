import type {Container, ContainerPort} from '../../model/kubernetes.ts';
import {defaultRequirements} from './quantities.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A container with the API's defaults (pkg/apis/core/v1/defaults.go). */
export function defaultContainer(container: Container, hostNetwork: boolean): Container {
  const {env, lifecycle, ports, livenessProbe, readinessProbe, startupProbe} = container;
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent',
    ...container,
    resources: defaultRequirements(container.resources),
    ...(ports === undefined ? {} : {ports: ports.map((port) => defaultPort(port, hostNetwork))}),
    ...(Array.isArray(env) ? {env: env.map(defaultEnvironmentVariable)} : {}),
    ...(isFields(lifecycle) ? {lifecycle: mapValues(lifecycle, defaultHandler)} : {}),
    ...(isFields(livenessProbe) ? {livenessProbe: defaultProbe(livenessProbe)} : {}),
    ...(isFields(readinessProbe) ? {readinessProbe: defaultProbe(readinessProbe)} : {}),
    ...(isFields(startupProbe) ? {startupProbe: defaultProbe(startupProbe)} : {}),
  };
}

/** Whether the value is a map, and so may be given defaults. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `valueFrom.fieldRef` and its like in volumes: they read the v1 form of the pod. */
export function defaultFieldReference(holder: unknown): unknown {
  if (!isFields(holder) || !isFields(holder.fieldRef)) return holder;
  return {...holder, fieldRef: {apiVersion: 'v1', ...holder.fieldRef}};
}

export function mapValues(fields: Fields, change: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]));
}

/** An image without a tag, or with the tag `latest`, is pulled each time. */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]*)$/.exec(image)?.[1];
  return tag === undefined || tag === '' || tag === 'latest';
}

function defaultPort(port: ContainerPort, hostNetwork: boolean): ContainerPort {
  const hostPort = hostNetwork && (port.hostPort ?? 0) === 0 ? port.containerPort : port.hostPort;
  return {protocol: 'TCP', ...port, ...(hostPort === undefined || hostPort === 0 ? {} : {hostPort})};
}

function defaultEnvironmentVariable(variable: unknown): unknown {
  if (!isFields(variable)) return variable;
  const {value, valueFrom, ...name} = variable;
  // An empty value is the same as none, and the API server stores none.
  return {
    ...name,
    ...(value === undefined || value === '' ? {} : {value}),
    ...(valueFrom === undefined ? {} : {valueFrom: defaultFieldReference(valueFrom)}),
  };
}

function defaultProbe(probe: Fields): Fields {
  const filled = {...probe};
  const defaults = {timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3};
  for (const [name, value] of Object.entries(defaults)) if ((filled[name] ?? 0) === 0) filled[name] = value;
  return defaultHandler(filled) as Fields;
}

/** A probe or lifecycle hook: scheme and path of an HTTP request, service of a gRPC one. */
function defaultHandler(handler: unknown): unknown {
  if (!isFields(handler)) return handler;
  const {httpGet, grpc} = handler;
  return {
    ...handler,
    ...(isFields(httpGet) ? {httpGet: {path: '/', scheme: 'HTTP', ...httpGet}} : {}),
    ...(isFields(grpc) ? {grpc: {service: '', ...grpc}} : {}),
  };
}
