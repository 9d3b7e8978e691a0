import {parentPort, workerData} from 'node:worker_threads';
import {planCommand} from './commands/plan.ts';
import type {ExitCode} from './exitCode.ts';
import {reportFailure} from './failure.ts';
import type {Io, OutputStream} from './io.ts';
import type {PlanMessage, PlanTask, StreamName} from './planThread.ts';

const {flags, streams, stdin, env, interrupted} = workerData as PlanTask;
const io: Io = {
  stdout: relayed('stdout'),
  stderr: relayed('stderr'),
  readStdin: () => (stdin === null ? [] : [stdin]),
  env,
};
send({stream: null, exitCode: await exitCodeOfPlan()});

async function exitCodeOfPlan(): Promise<ExitCode> {
  try {
    return await planCommand(flags, io, () => Atomics.load(interrupted, 0) === 1);
  } catch (error) {
    return reportFailure(error, io, ['-o', flags.output]);
  }
}

function relayed(stream: StreamName): OutputStream {
  return {...streams[stream], write: (text) => send({stream, text})};
}

function send(message: PlanMessage): void {
  parentPort?.postMessage(message);
}
