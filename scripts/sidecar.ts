/**
 * Builds the program of validator/kube-scheduler, which runs the real kube-scheduler's plugins: `node
 * scripts/sidecar.ts [VERSION …]` prints where the program for each version is, the newest by default. It is built
 * again only when its sources or the Go compiler have changed; the first time takes minutes.
 */
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'validator/kube-scheduler');

/** The Kubernetes versions that the program can be built for, and how: the newest is the module's own. */
const VERSIONS = {
  '1.33': ['-modfile=go.1.33.mod', '-tags=kube133'],
  '1.34': ['-modfile=go.1.34.mod', '-tags=kube134'],
  '1.35': ['-modfile=go.1.35.mod', '-tags=kube135'],
  '1.36': [],
} as const;

export type SidecarVersion = keyof typeof VERSIONS;

/** The path of the program for the version, built if need be. Throws where that is impossible. */
export function ensureSidecar(version: SidecarVersion): string {
  const folder = join(root, '.cache/kube-scheduler', version);
  const program = join(folder, 'stowage-kube-scheduler');
  const stamp = join(folder, 'digest');
  const digest = digestOfSources();
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return program;

  mkdirSync(folder, {recursive: true});
  const built = `${program}.${process.pid}`;
  const flags = ['-buildvcs=false', '-ldflags=-s -w', ...VERSIONS[version], '-o', built, '.'];
  process.stderr.write(`building kube-scheduler ${version} side-car; the first time this takes minutes\n`);
  const {status} = go(['build', ...flags], 'inherit');
  if (status !== 0) throw new Error(`go build of ${sources} failed for Kubernetes ${version}`);
  renameSync(built, program);
  writeFileSync(stamp, digest);
  return program;
}

function digestOfSources(): string {
  const hash = createHash('sha256').update(go(['env', 'GOVERSION', 'GOOS', 'GOARCH'], 'pipe').stdout);
  for (const name of readdirSync(sources).filter(
    (name) => /\.(go|s|mod|sum)$/.test(name) && !name.endsWith('_test.go'),
  )) {
    hash.update(`\0${name}\0`).update(readFileSync(join(sources, name)));
  }
  return hash.digest('hex');
}

function go(args: readonly string[], output: 'pipe' | 'inherit'): {status: number | null; stdout: string} {
  // Go is often installed outside the default search path.
  const env = {...process.env, PATH: `${process.env.PATH ?? ''}${delimiter}/usr/local/go/bin`};
  // What the compiler says goes to standard error: standard output is for paths.
  const stdio = output === 'pipe' ? (['ignore', 'pipe', 'inherit'] as const) : (['ignore', 2, 'inherit'] as const);
  const {status, stdout, error} = spawnSync('go', args, {cwd: sources, env, stdio: [...stdio], encoding: 'utf8'});
  if (error !== undefined) {
    throw new Error(
      'Go is needed to build the real kube-scheduler plugins and was not found: install it (https://go.dev/dl), version 1.26 or later',
      {cause: error},
    );
  }
  return {status, stdout: stdout ?? ''};
}

function isVersion(text: string): text is SidecarVersion {
  return Object.hasOwn(VERSIONS, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const versions = process.argv.slice(2);
  for (const version of versions.length === 0 ? ['1.36'] : versions) {
    if (!isVersion(version)) {
      process.stderr.write(`${version}: not one of ${Object.keys(VERSIONS).join(', ')}\n`);
      process.exit(2);
    }
    try {
      process.stdout.write(`${ensureSidecar(version)}\n`);
    } catch (failure) {
      process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
      process.exit(1);
    }
  }
}
