import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A catalogue of just these instance types, each as YAML has it. */
export function nodeCatalog(...instanceTypes: readonly string[]): string {
  return `
apiVersion: stowage.dev/v1alpha1
kind: NodeCatalog
metadata: {name: ours}
spec:
  currency: EUR
  asOf: 2026-11-01
  source: test
  instanceTypes:
${instanceTypes.map((type) => `    - ${type}\n`).join('')}`;
}

/** A pod of little size on every node. */
export const DAEMON_SET = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers: [{name: agent, image: agent, resources: {requests: {cpu: 100m, memory: 128Mi}}}]
`;

/** A temporary folder, and how to write a file into it. */
export interface TemporaryFiles {
  readonly directory: string;
  /** Gives back its path. */
  file(name: string, text: string): string;
}

export function temporaryFiles(): TemporaryFiles {
  const directory = mkdtempSync(join(tmpdir(), 'stowage-plan-'));
  return {
    directory,
    file(name, text) {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    },
  };
}
