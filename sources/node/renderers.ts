/** Manifests that another program writes: kustomize and Helm, as they are installed. */
import {spawnSync} from 'node:child_process';
import type {Diagnostics} from '../../model/diagnostic.ts';
import type {SourceFile} from '../documents.ts';

/** A chart and how to render it, as `helm template` takes it. */
export interface HelmChart {
  /** A directory, an archive, or a reference to a repository. */
  readonly chart: string;
  readonly values: readonly string[];
  readonly release: string;
  readonly namespace: string | undefined;
}

/** Enough for a text that can still be read. */
const MAX_OUTPUT = 256 * 2 ** 20;

type CommandLine = readonly [program: string, ...args: string[]];

/** The objects of a kustomization, through `kustomize build` or else `kubectl kustomize`. */
export function renderKustomization(directory: string, diagnostics: Diagnostics): SourceFile[] {
  return render(
    directory,
    [
      ['kustomize', 'build', '--', directory],
      ['kubectl', 'kustomize', '--', directory],
    ],
    'install kustomize or kubectl, or render it elsewhere: kustomize build DIR | stowage simulate -f -',
    diagnostics,
  );
}

/** The objects of a chart, through `helm template`; hooks and tests are left out, as they are not of the release. */
export function renderChart({chart, values, release, namespace}: HelmChart, diagnostics: Diagnostics): SourceFile[] {
  return render(
    chart,
    [
      [
        ...(['helm', 'template', '--no-hooks'] as const),
        ...(namespace === undefined ? [] : ['--namespace', namespace]),
        ...values.flatMap((file) => ['--values', file]),
        ...['--', release, chart],
      ],
    ],
    'install Helm, or render it elsewhere: helm template RELEASE CHART | stowage simulate -f -',
    diagnostics,
  );
}

/** Runs the first of the programs that is installed. */
function render(
  name: string,
  commands: readonly CommandLine[],
  missing: string,
  diagnostics: Diagnostics,
): SourceFile[] {
  const place = {file: name, line: 1, column: 1};
  for (const [program, ...args] of commands) {
    const {error, status, signal, stdout, stderr} = spawnSync(program, args, {
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'ENOENT') continue;
    if (error === undefined && status === 0) return [{name, text: stdout}];
    const said = (stderr ?? '').trim();
    const why = code ?? (signal === null ? `exit code ${status}` : `signal ${signal}`);
    diagnostics.error('STW-1007', `${program} ${args[0]} failed (${why})${said === '' ? '' : `: ${said}`}`, {
      hint: `run it by hand to see more: ${[program, ...args].join(' ')}`,
      place,
    });
    return [];
  }
  const programs = commands.map(([program]) => program);
  diagnostics.error('STW-1007', `${programs.join(' and ')} ${programs.length === 1 ? 'is' : 'are'} not on the PATH`, {
    hint: missing,
    place,
  });
  return [];
}
