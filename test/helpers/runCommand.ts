import {runCli} from '../../cli/runCli.ts';

export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, on streams of its own that are no terminals. */
export async function runCommand(args: readonly string[], stdin = ''): Promise<CommandOutcome> {
  const written = {stdout: '', stderr: ''};
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal: false,
    hasColor: false,
    columns: undefined,
  });
  const exitCode = await runCli(args, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    readStdin: () => [new TextEncoder().encode(stdin)],
    env: {},
  });
  return {exitCode, ...written};
}

/** What a user would see, for golden files: the command, then both streams and the exit code. */
export function transcript(args: readonly string[], {exitCode, stdout, stderr}: CommandOutcome): string {
  const words = args.map((arg) => (/^[\w@%+=:,./*-]+$/.test(arg) ? arg : `'${arg}'`));
  return `$ stowage ${words.join(' ')}\n${stdout}${stderr === '' ? '' : `--- stderr\n${stderr}`}--- exit code ${exitCode}\n`;
}
