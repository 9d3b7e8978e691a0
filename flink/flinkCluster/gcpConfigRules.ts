import type {ClusterProblem, ClusterSpec} from './clusterSpec.ts';

/** Both operators check the key of a service account alike. */
export function* serviceAccountRules(gcpConfig: ClusterSpec['gcpConfig']): Generator<ClusterProblem> {
  const account = gcpConfig?.serviceAccount;
  if (account === undefined) return;
  const {secretName = '', keyFile = '', mountPath = ''} = account;
  const pointer = '/spec/gcpConfig/serviceAccount';
  if (secretName === '') yield {message: 'GCP service account secret name is unspecified', pointer};
  if (keyFile === '') yield {message: 'GCP service account key file name is unspecified', pointer};
  if (mountPath === '') yield {message: 'GCP service account volume mount path is unspecified', pointer};
  else if (mountPath.endsWith(keyFile)) {
    yield {message: 'invalid GCP service account volume mount path', pointer: `${pointer}/mountPath`};
  }
}
