import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {test} from 'vitest';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SHARED = join(REPOSITORY, '../shared');

/**
 * Tests over real data that is not part of the repository. They are skipped with a message where the folder is missing;
 * where CI has the folder above it, a missing one is an error, so that the tests cannot vanish unseen.
 */
export function testWithSharedData(folder: string, name: string, run: (path: string) => void | Promise<void>): void {
  const path = join(SHARED, 'data', folder);
  if (existsSync(path)) test(name, () => run(path));
  else if (process.env.CI === 'true' && existsSync(SHARED)) {
    test(name, () => {
      throw new Error(`shared/data/${folder} is missing although shared/ exists`);
    });
  } else test.skip(`${name} (shared/data/${folder} is not here)`, () => {});
}
