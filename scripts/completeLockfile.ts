/**
 * Completes package-lock.json after npm install: `node scripts/completeLockfile.ts`.
 *
 * Packages with binaries list one optional package per platform. A registry that has not all of them makes npm leave the
 * missing ones out of the lockfile, and npm ci then refuses it. Their versions are known from the package that lists
 * them; npm fetches only the one of its own platform.
 */
import {readFileSync, writeFileSync} from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = process.argv[2] ?? new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8')) as {packages: Record<string, LockedPackage>};

const SYSTEMS = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'openharmony', 'aix', 'sunos', 'netbsd', 'openbsd'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]?.version !== undefined) continue;
    const os = SYSTEMS.find((system) => name.includes(`-${system}`));
    const cpu = PROCESSORS.find((processor) => name.includes(`-${processor}`));
    lock.packages[key] = {
      version,
      ...(cpu === undefined ? {} : {cpu: [cpu]}),
      ...(owner.dev === true ? {dev: true} : {}),
      ...(name.endsWith('musl') ? {libc: ['musl']} : {}),
      optional: true,
      ...(os === undefined ? {} : {os: [os]}),
    };
    process.stdout.write(`added ${name}@${version}\n`);
  }
}

const packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify({...lock, packages}, null, 2)}\n`);
