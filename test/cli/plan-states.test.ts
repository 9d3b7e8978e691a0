import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {planSchema} from '../../results/planResult.ts';
import {runCommand} from '../helpers/runCommand.ts';

/** A service of four pods that may have as many as `most`, and may start so many new ones when it is replaced. */
function service({most, surge}: {readonly most: number; readonly surge: string}): string {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'shop'},
    spec: {
      replicas: 4,
      strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: surge}},
      selector: {matchLabels: {app: 'shop'}},
      template: {
        metadata: {labels: {app: 'shop'}},
        spec: {containers: [{name: 'main', image: 'main', resources: {requests: {cpu: '1', memory: '2Gi'}}}]},
      },
    },
  };
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {name: 'shop'},
    spec: {
      scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop'},
      minReplicas: 4,
      maxReplicas: most,
      metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}}}],
    },
  };
  return [deployment, autoscaler].map((object) => JSON.stringify(object)).join('\n---\n');
}

test.each([
  {most: 9, surge: '25%', binding: 'peak-hour', pods: 9},
  {most: 5, surge: '100%', binding: 'rolling-upgrade', pods: 8},
  {most: 4, surge: '0', binding: 'now', pods: 4},
])('of a service of up to $most pods with a surge of $surge, $binding decides, with $pods pods', async (own) => {
  const path = join(mkdtempSync(join(tmpdir(), 'stowage-states-')), 'service.yaml');
  writeFileSync(path, service(own));
  const plan = ['plan', '-f', path, '--instance-types', 'm6i.large,m6i.xlarge', '-q'];
  const flags = ['--survive', 'rolling-upgrade,peak-hour'];
  const {stdout, stderr} = await runCommand([...plan, ...flags, '-o', 'json']);
  expect(stderr).not.toContain('error');
  const {bindingState, packing, problem} = planSchema.parse(JSON.parse(stdout));
  expect(bindingState).toBe(own.binding);
  expect(problem.items.reduce((sum, {count}) => sum + count, 0)).toBe(own.pods);
  expect(packing.bins.reduce((sum, {items, times}) => sum + items[0]!.count * times, 0)).toBe(own.pods);
  const table = await runCommand([...plan, ...flags]);
  expect(table.stdout).toContain(`most is needed in ${own.binding}`);
});
