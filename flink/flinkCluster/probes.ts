import type {Probe} from './clusterSpec.ts';

const COMMON = {initialDelaySeconds: 5, timeoutSeconds: 10};

export function livenessProbe(rpcPort: number): Probe {
  return {tcpSocket: {port: rpcPort}, ...COMMON, periodSeconds: 60, failureThreshold: 5};
}

export function readinessProbe(rpcPort: number): Probe {
  return {tcpSocket: {port: rpcPort}, ...COMMON, periodSeconds: 5, failureThreshold: 60};
}
