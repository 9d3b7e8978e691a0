import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The directory of package.json: one level up from the sources, two from the build. */
export const PACKAGE_ROOT = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

const {version, engines} = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly engines: {readonly node: string};
};

export const VERSION = version;
/** What result files name as their writer. */
export const EXPORTER = `stowage@${version}`;
/** The range of Node versions the package runs on. */
export const NODE_RANGE = engines.node;

function findPackageRoot(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error('package.json of stowage was not found');
  return findPackageRoot(parent);
}
