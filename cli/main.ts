#!/usr/bin/env node
// Nothing is imported before this check, so that an old Node says what is wrong instead of failing on new syntax.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`stowage needs Node 22.19 or newer; this is ${process.versions.node}\n`);
  process.exit(1);
}

// A reader that has seen enough, such as head, closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.once('SIGINT', () => process.exit(130));

const {processIo} = await import('./io.ts');
const {runCli} = await import('./runCli.ts');
process.exitCode = await runCli(process.argv.slice(2), processIo());

export {};
