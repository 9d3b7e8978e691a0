import {API_VERSION} from '../../results/simulationResult.ts';
import {DEFAULT_KUBERNETES_VERSION} from '../../simulator/simulation.ts';
import {ExitCode} from '../exitCode.ts';
import {UsageError} from '../failure.ts';
import type {Io} from '../io.ts';
import {VERSION} from '../package.ts';

export function versionCommand({output}: {readonly output: string}, io: Io): ExitCode {
  const facts = {
    stowage: VERSION,
    apiVersion: API_VERSION,
    kubernetes: DEFAULT_KUBERNETES_VERSION,
    node: process.versions.node,
  };
  if (output === 'json') io.stdout.write(`${JSON.stringify(facts)}\n`);
  else if (output === 'text') {
    io.stdout.write(
      `stowage ${facts.stowage} (schemas ${facts.apiVersion}, scheduler of Kubernetes ${facts.kubernetes}, Node ${facts.node})\n`,
    );
  } else throw new UsageError(`-o ${output}: expected text or json`);
  return ExitCode.Ok;
}
