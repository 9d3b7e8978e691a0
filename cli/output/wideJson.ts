/** JSON.rawJSON, which TypeScript does not know yet: a text that goes into the output as it stands. */
const {rawJSON} = JSON as unknown as {readonly rawJSON: (text: string) => unknown};

/** JSON with integers of any size, written whole. */
export function wideJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, wholeInteger, indent);
}

function wholeInteger(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(String(value)) : value;
}
