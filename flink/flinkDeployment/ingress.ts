import {javaUrlError} from './javaUri.ts';

/** What the operator has against the template of an ingress. */
export function ingressTemplateError(template: string, name: string, namespace: string): string | undefined {
  const address = (/^https?:\/\//i.test(template) ? template : `http://${template}`)
    .replace(/\{\{name}}/gi, () => name)
    .replace(/\{\{namespace}}/gi, () => namespace);
  const error = javaUrlError(address);
  return error === undefined ? undefined : `Unable to process the Ingress template(${template}). Error: ${error}`;
}
