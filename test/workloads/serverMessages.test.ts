import {describe, expect, test} from 'vitest';
import type {PodSpec} from '../../model/kubernetes.ts';
import {checkPodSecurity} from '../../workloads/admission/podSecurity.ts';
import {decodingError} from '../../workloads/strict/serverDecoding.ts';
import {scheduleError, timeZoneError} from '../../workloads/validation/cronSchedule.ts';

describe('PodSecurity baseline', () => {
  const labels = {'pod-security.kubernetes.io/enforce': 'baseline'};
  const container = (name: string, securityContext: object) => ({name, securityContext});

  test.each<[string, PodSpec, string | undefined]>([
    ['lets an ordinary pod in', {containers: [{name: 'a'}]}, undefined],
    [
      'names volumes of the host',
      {containers: [], volumes: [{name: 'v', hostPath: {}}]},
      'hostPath volumes (volume "v")',
    ],
    [
      'names every container that adds capabilities, each capability once',
      {
        containers: [
          container('a', {capabilities: {add: ['SYS_ADMIN', 'CHOWN']}}),
          container('b', {capabilities: {add: ['NET_ADMIN', 'SYS_ADMIN']}}),
        ],
      },
      'non-default capabilities (containers "a", "b" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      'puts its checks in the order of their names',
      {hostPID: true, containers: [container('a', {privileged: true, seccompProfile: {type: 'Unconfined'}})]},
      'host namespaces (hostPID=true), privileged (container "a" must not set securityContext.privileged=true), seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
  ])('%s', (_rule, spec, violations) => {
    const refusal = checkPodSecurity({spec}, labels);
    const reason = violations === undefined ? undefined : `violates PodSecurity "baseline:latest": ${violations}`;
    expect(refusal?.kind === 'forbidden' ? refusal.reason : undefined).toBe(reason);
  });
});

describe('a cron schedule', () => {
  test.each([
    ['*/5 0-6,12 1 jan-MAR mon', null],
    ['@daily', null],
    ['@every 1h30m', null],
    ['@often', 'unrecognized descriptor: @often'],
    ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['9-5 * * * *', 'beginning of range (9) beyond end of range (5): 9-5'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ])('%s', (schedule, error) => {
    expect(scheduleError(schedule)).toBe(error);
  });

  test.each([
    ['Europe/Berlin', null],
    ['Mars/Base', 'unknown time zone Mars/Base'],
    ['+01:00', 'unknown time zone +01:00'],
    ['', 'timeZone must be nil or non-empty string'],
  ])('time zone %j', (zone, error) => {
    expect(timeZoneError(zone)).toBe(error);
  });
});

describe('the JSON decoder of the API server', () => {
  const decode = (spec: unknown) =>
    decodingError({apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web'}, spec})?.message.replace(
      'Deployment in version "v1" cannot be handled as a Deployment: ',
      '',
    );

  test.each([
    ['passes what fits', {replicas: 1}, undefined],
    [
      'names all unknown fields as they are written',
      {b: 1, template: {spec: {a: 1}}},
      'strict decoding error: unknown field "spec.b", unknown field "spec.template.spec.a"',
    ],
    [
      'minds a wrong type before unknown fields',
      {b: 1, paused: 'yes'},
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool',
    ],
    [
      'knows the range of integers',
      {replicas: 3_000_000_000},
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'leaves indexes out of the path',
      {template: {spec: {containers: [{ports: {}}]}}},
      'json: cannot unmarshal object into Go struct field Container.spec.template.spec.containers.ports of type []v1.ContainerPort',
    ],
  ])('%s', (_rule, spec, message) => {
    expect(decode(spec)).toBe(message);
  });
});
