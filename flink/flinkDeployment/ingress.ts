import type {KubernetesObject} from '../../model/kubernetes.ts';
import {type Json, recordOf} from './flinkPod.ts';
import {javaUrlError} from './javaUri.ts';

/** What the operator has against the template of an ingress. */
export function ingressTemplateError(template: string, name: string, namespace: string): string | undefined {
  const error = javaUrlError(addressOf(template, name, namespace));
  return error === undefined ? undefined : `Unable to process the Ingress template(${template}). Error: ${error}`;
}

function addressOf(template: string, name: string, namespace: string): string {
  return (/^https?:\/\//i.test(template) ? template : `http://${template}`)
    .replace(/\{\{name}}/gi, () => name)
    .replace(/\{\{namespace}}/gi, () => namespace);
}

/** The Ingress that leads to the REST port of the JobManager. */
export function ingressObject(ingress: Json, name: string, namespace: string, restPort: number): KubernetesObject {
  const address = addressOf(String(ingress.template), name, namespace);
  const [, host = '', path = ''] = /^https?:\/\/(?:[^/?#@]*@)?([^/?#:]*)(?::\d*)?([^?#]*)/i.exec(address) ?? [];
  const backend = {service: {name: `${name}-rest`, port: {number: restPort}}};
  const route = {backend, ...(path.trim() === '' ? {} : {path}), pathType: 'ImplementationSpecific'};
  const {annotations, className, labels, tls} = ingress;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      ...(annotations === undefined ? {} : {annotations: recordOf(annotations) as Record<string, string>}),
      ...(labels === undefined ? {} : {labels: recordOf(labels) as Record<string, string>}),
      name,
    },
    spec: {
      ...(className === undefined ? {} : {ingressClassName: className}),
      rules: [{...(host.trim() === '' ? {} : {host}), http: {paths: [route]}}],
      ...(tls === undefined ? {} : {tls}),
    },
  };
}
