/** What label keys and values may be, in the words of apimachinery's validation. */

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const VALUE = `(${NAME})?`;
const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

const name = new RegExp(`^${NAME}$`);
const value = new RegExp(`^${VALUE}$`);
const subdomain = new RegExp(`^${SUBDOMAIN}$`);

const NAME_MESSAGE = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`;
const VALUE_MESSAGE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${VALUE}')`;
const SUBDOMAIN_MESSAGE = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;

/** What is wrong with `[PREFIX/]NAME`, the form of label keys and resource names; empty when nothing is. */
export function labelKeyErrors(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${NAME_MESSAGE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const own = parts.at(-1)!;
  return [
    ...(parts.length === 2 ? prefixErrors(parts[0]!).map((error) => `prefix part ${error}`) : []),
    ...(own === '' ? ['name part must be non-empty'] : []),
    ...(own.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(name.test(own) ? [] : [`name part ${NAME_MESSAGE}`]),
  ];
}

export function labelValueErrors(text: string): string[] {
  return [...(text.length > 63 ? ['must be no more than 63 bytes'] : []), ...(value.test(text) ? [] : [VALUE_MESSAGE])];
}

function prefixErrors(prefix: string): string[] {
  if (prefix === '') return ['must be non-empty'];
  return [
    ...(prefix.length > 253 ? ['must be no more than 253 bytes'] : []),
    ...(subdomain.test(prefix) ? [] : [SUBDOMAIN_MESSAGE]),
  ];
}
