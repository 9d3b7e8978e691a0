import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

/** What is measured, from this or from another checkout. */
export interface Product {
  readonly Diagnostics: typeof import('../model/diagnostic.ts').Diagnostics;
  readonly toNode: typeof import('../model/node.ts').toNode;
  readonly toPodClass: typeof import('../model/pod.ts').toPodClass;
  readonly defaultPod: typeof import('../workloads/defaulting/podDefaults.ts').defaultPod;
  readonly expand: typeof import('../workloads/expand.ts').expand;
  readonly simulate: typeof import('../simulator/simulate.ts').simulate;
  /** For clusters that change while pods are scheduled, which a static simulation does not know. */
  readonly scheduler: typeof import('../simulator/scheduler.ts');
}

export async function loadProduct(checkout: string): Promise<Product> {
  const load = async <Module>(path: string): Promise<Module> =>
    (await import(pathToFileURL(join(checkout, path)).href)) as Module;
  const {Diagnostics} = await load<typeof import('../model/diagnostic.ts')>('model/diagnostic.ts');
  const {toNode} = await load<typeof import('../model/node.ts')>('model/node.ts');
  const {toPodClass} = await load<typeof import('../model/pod.ts')>('model/pod.ts');
  const {defaultPod} = await load<typeof import('../workloads/defaulting/podDefaults.ts')>(
    'workloads/defaulting/podDefaults.ts',
  );
  const {expand} = await load<typeof import('../workloads/expand.ts')>('workloads/expand.ts');
  const {simulate} = await load<typeof import('../simulator/simulate.ts')>('simulator/simulate.ts');
  const scheduler = await load<typeof import('../simulator/scheduler.ts')>('simulator/scheduler.ts');
  return {Diagnostics, toNode, toPodClass, defaultPod, expand, simulate, scheduler};
}
