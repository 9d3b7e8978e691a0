import type {Cluster, Fields, IngressSpec, Texts} from './clusterSpec.ts';
import {componentLabels, metadata, type Revision, revisionLabel, type SupportingObject} from './objects.ts';

const SERVICE_TYPES: Readonly<Record<string, Fields>> = {
  Cluster: {type: 'ClusterIP'},
  VPC: {type: 'LoadBalancer'},
  External: {type: 'LoadBalancer'},
  NodePort: {type: 'NodePort'},
  Headless: {type: 'ClusterIP', clusterIP: 'None'},
};

/** How each operator asks GKE for a load balancer inside the network. */
const INTERNAL: Readonly<Record<Cluster['dialect'], Texts>> = {
  spotify: {
    'networking.gke.io/load-balancer-type': 'Internal',
    'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
  },
  gcp: {'cloud.google.com/load-balancer-type': 'Internal'},
};

/** GCP's picks its pods by the pods' own labels, too; spotify's takes labels and annotations of its own. */
export function jobManagerService(cluster: Cluster, revision: Revision): SupportingObject {
  const {dialect, name, spec} = cluster;
  const {jobManager} = spec;
  const selector: Texts = {
    ...componentLabels(cluster, 'jobmanager'),
    ...(dialect === 'gcp' ? jobManager.podLabels : {}),
  };
  const {ServiceLabels, ServiceAnnotations} = jobManager;
  const labels = {...selector, ...revisionLabel(revision), ...ServiceLabels};
  const annotations = {
    ...ServiceAnnotations,
    ...(jobManager.accessScope === 'VPC' ? INTERNAL[dialect] : {}),
  };
  const ports = ['rpc', 'blob', 'query', 'ui'].map((port) => ({
    name: port,
    port: jobManager.ports[port],
    targetPort: port,
  }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(cluster, `${name}-jobmanager`, labels, annotations),
    spec: {selector, ports, ...SERVICE_TYPES[jobManager.accessScope]},
  };
}

/** Headless; it gives the TaskManagers names. Only spotify's operator makes it. */
export function taskManagerService(cluster: Cluster, revision: Revision): SupportingObject {
  const selector = componentLabels(cluster, 'taskmanager');
  const {ports} = cluster.spec.taskManager;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(cluster, `${cluster.name}-taskmanager`, {...selector, ...revisionLabel(revision)}),
    spec: {
      selector,
      clusterIP: 'None',
      type: 'ClusterIP',
      ports: ['data', 'rpc', 'query'].map((name) => ({name, port: ports[name]})),
    },
  };
}

export function jobManagerIngress(cluster: Cluster, revision: Revision): SupportingObject | undefined {
  const {ingress} = cluster.spec.jobManager;
  if (ingress === undefined) return undefined;
  const name = `${cluster.name}-jobmanager`;
  const host = (ingress.hostFormat ?? '').replaceAll(/\{\{\s*\$clusterName\s*\}\}/g, () => cluster.name);
  const isGcp = cluster.dialect === 'gcp';
  const path = isGcp
    ? {path: '/', backend: {serviceName: name, servicePort: 'ui'}}
    : {path: '/', pathType: 'Prefix', backend: {service: {name, port: {name: 'ui'}}}};
  const labels = {...componentLabels(cluster, 'jobmanager'), ...revisionLabel(revision)};
  return {
    apiVersion: isGcp ? 'extensions/v1beta1' : 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(cluster, name, labels, ingress.annotations),
    spec: {
      ...tls(ingress, host),
      rules: [{...(host === '' ? {} : {host}), http: {paths: [path]}}],
    },
  };
}

function tls({useTls, tlsSecretName = ''}: IngressSpec, host: string): Fields {
  if (useTls !== true || (host === '' && tlsSecretName === '')) return {};
  return {
    tls: [{...(host === '' ? {} : {hosts: [host]}), ...(tlsSecretName === '' ? {} : {secretName: tlsSecretName})}],
  };
}
