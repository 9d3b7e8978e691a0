import {DUMP_SCHEMA, dump, intYaml11Tag} from 'js-yaml';

/** The numbers of the dumper's schema with integers of any size beside them. */
const SCHEMA = DUMP_SCHEMA.withTags({
  ...intYaml11Tag,
  identify: (value: unknown) => typeof value === 'bigint' || Number.isSafeInteger(value),
  represent: (value: unknown) => String(value),
});

/** YAML with integers of any size, written whole. */
export function wideYaml(value: unknown): string {
  return dump(value, {noRefs: true, lineWidth: -1, schema: SCHEMA});
}
