#!/usr/bin/env node
import {ExitCode} from './exitCode.ts';
import {processIo} from './io.ts';
import {runCli} from './runCli.ts';

// A reader that has seen enough, such as head, closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(ExitCode.Ok);
});
process.once('SIGINT', () => process.exit(ExitCode.Interrupted));

process.exitCode = await runCli(process.argv.slice(2), processIo());
