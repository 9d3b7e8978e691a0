import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {Diagnostics} from '../../model/diagnostic.ts';
import {type InputOptions, type LoadedInput, loadInput} from '../../sources/node/loadInput.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), text);
  }
}

/** Loads an input with nothing stated but what a test is about. */
export function load(
  filenames: readonly string[],
  options: Partial<InputOptions> = {},
): {input: LoadedInput; diagnostics: Diagnostics} {
  const diagnostics = new Diagnostics();
  const input = loadInput(
    {
      filenames,
      recursive: false,
      namespaceFromFile: undefined,
      validate: 'warn',
      nodePools: [],
      schedulerConfiguration: undefined,
      overrides: {},
      readStdin: () => [],
      ...options,
    },
    diagnostics,
  );
  return {input, diagnostics};
}

/** `KIND/NAME` of every object and node. */
export function namesOf({objects, nodes}: LoadedInput): readonly string[] {
  return [
    ...objects.map(({object: {kind, metadata}}) => `${kind}/${metadata.name}`),
    ...nodes.map(({name}) => `Node/${name}`),
  ];
}
