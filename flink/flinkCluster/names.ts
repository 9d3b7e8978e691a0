const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const LABEL_PART = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LONGEST_PART = 63;
const LONGEST_SUBDOMAIN = 253;
/** Bytes of all annotations together. */
const MOST_ANNOTATIONS = 256 * 1024;

const RFC_1123 =
  "must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const RFC_1123_SUBDOMAIN =
  "must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_CHARACTERS =
  "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A lower-case name that may start the name of a Service (RFC 1035). */
export function isServiceName(name: string): boolean {
  return name.length <= LONGEST_PART && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** What Kubernetes says against the name of a namespace. */
export function namespaceErrors(name: string): readonly string[] {
  const errors: string[] = [];
  if (name.length > LONGEST_PART) errors.push(`must be no more than ${LONGEST_PART} characters`);
  if (whole(DNS_LABEL).test(name)) return errors;
  if (whole(DNS_SUBDOMAIN).test(name)) return [...errors, 'must not contain dots'];
  return [...errors, pattern(`a lowercase RFC 1123 label ${RFC_1123}`, DNS_LABEL, 'my-name', '123-abc')];
}

/** What Kubernetes says against labels, as one text; null if nothing. */
export function labelsError(labels: Readonly<Record<string, string>>, path: string): string | null {
  const errors = Object.entries(labels).flatMap(([key, value]) => [
    ...keyErrors(key).map((rule) => invalid(path, key, rule)),
    ...valueErrors(value).map((rule) => invalid(path, value, rule)),
  ]);
  return joined(errors);
}

/** What Kubernetes says against annotations, as one text; null if nothing. */
export function annotationsError(annotations: Readonly<Record<string, string>>, path: string): string | null {
  const errors = Object.keys(annotations).flatMap((key) =>
    keyErrors(key.toLowerCase()).map((rule) => invalid(path, key, rule)),
  );
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0);
  if (size > MOST_ANNOTATIONS) errors.push(`${path}: Too long: may not be more than ${MOST_ANNOTATIONS} bytes`);
  return joined(errors);
}

function keyErrors(key: string): readonly string[] {
  const parts = key.split('/');
  const [first = '', second] = parts;
  const form = pattern(`must consist of ${LABEL_CHARACTERS}`, LABEL_PART, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2) {
    return [`a valid label key ${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  if (second !== undefined) {
    if (first === '') errors.push('prefix part must be non-empty');
    else errors.push(...subdomainErrors(first).map((rule) => `prefix part ${rule}`));
  }
  const name = second ?? first;
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > LONGEST_PART) errors.push(`name part ${tooLong(LONGEST_PART)}`);
  if (!whole(LABEL_PART).test(name)) errors.push(`name part ${form}`);
  return errors;
}

function subdomainErrors(name: string): readonly string[] {
  const errors: string[] = [];
  if (name.length > LONGEST_SUBDOMAIN) errors.push(tooLong(LONGEST_SUBDOMAIN));
  if (!whole(DNS_SUBDOMAIN).test(name)) {
    errors.push(pattern(`a lowercase RFC 1123 subdomain ${RFC_1123_SUBDOMAIN}`, DNS_SUBDOMAIN, 'example.com'));
  }
  return errors;
}

function valueErrors(value: string): readonly string[] {
  const errors: string[] = [];
  if (value.length > LONGEST_PART) errors.push(tooLong(LONGEST_PART));
  if (value !== '' && !whole(LABEL_PART).test(value)) {
    const rule = `a valid label must be an empty string or consist of ${LABEL_CHARACTERS}`;
    errors.push(pattern(rule, `(${LABEL_PART})?`, 'MyValue', 'my_value', '12345'));
  }
  return errors;
}

function whole(text: string): RegExp {
  return new RegExp(`^${text}$`);
}

function tooLong(bound: number): string {
  return `must be no more than ${bound} bytes`;
}

function pattern(rule: string, regularExpression: string, ...examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${list}regex used for validation is '${regularExpression}')`;
}

function invalid(path: string, value: string, rule: string): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${rule}`;
}

function joined(errors: readonly string[]): string | null {
  const [first, ...rest] = [...new Set(errors)];
  if (first === undefined) return null;
  return rest.length === 0 ? first : `[${[first, ...rest].join(', ')}]`;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
