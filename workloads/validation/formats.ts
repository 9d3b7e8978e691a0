/** What the API accepts as names, label keys and label values (apimachinery/pkg/util/validation), with its messages. */
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED_NAME})?`;

const dnsLabel = new RegExp(`^${DNS_LABEL}$`);
const dnsSubdomain = new RegExp(`^${DNS_SUBDOMAIN}$`);
const qualifiedName = new RegExp(`^${QUALIFIED_NAME}$`);
const labelValue = new RegExp(`^${LABEL_VALUE}$`);

const SUBDOMAIN_MESSAGE = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${DNS_SUBDOMAIN}')`;
const LABEL_MESSAGE = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${DNS_LABEL}')`;
const QUALIFIED_NAME_MESSAGE = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED_NAME}')`;
const LABEL_VALUE_MESSAGE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`;

/** What is wrong with a name such as a Pod's; empty when nothing is. */
export function dnsSubdomainErrors(name: string): string[] {
  const errors: string[] = [];
  if (bytes(name) > 253) errors.push('must be no more than 253 characters');
  if (!dnsSubdomain.test(name)) errors.push(SUBDOMAIN_MESSAGE);
  return errors;
}

/** What is wrong with a name such as a container's or a Namespace's. */
export function dnsLabelErrors(name: string): string[] {
  const errors: string[] = [];
  if (bytes(name) > 63) errors.push('must be no more than 63 bytes');
  if (!dnsLabel.test(name)) errors.push(dnsSubdomain.test(name) ? 'must not contain dots' : LABEL_MESSAGE);
  return errors;
}

/** What is wrong with a label key, resource name or taint key: `[DNS_SUBDOMAIN/]NAME`. */
export function qualifiedNameErrors(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${QUALIFIED_NAME_MESSAGE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const errors: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0]!;
    if (prefix === '') errors.push('prefix part must be non-empty');
    else for (const error of dnsSubdomainErrors(prefix)) errors.push(`prefix part ${error}`);
  }
  const name = parts.at(-1)!;
  if (name === '') errors.push('name part must be non-empty');
  else if (bytes(name) > 63) errors.push('name part must be no more than 63 bytes');
  if (!qualifiedName.test(name)) errors.push(`name part ${QUALIFIED_NAME_MESSAGE}`);
  return errors;
}

export function labelValueErrors(value: string): string[] {
  const errors: string[] = [];
  if (bytes(value) > 63) errors.push('must be no more than 63 bytes');
  if (!labelValue.test(value)) errors.push(LABEL_VALUE_MESSAGE);
  return errors;
}

/** What is wrong with the name of a container port (IANA service name). */
export function portNameErrors(name: string): string[] {
  const errors: string[] = [];
  if (name.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/i.test(name)) errors.push('must contain at least one letter (a-z)');
  if (name.includes('--')) errors.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** UTF-8 bytes, as the API counts; only lengths near the limit need counting. */
function bytes(text: string): number {
  let count = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return count;
}
