const UNITS: Readonly<Record<string, string>> = {
  core: '',
  cores: '',
  cpu: '',
  cpus: '',
  vcpu: '',
  vcpus: '',
  millicore: 'm',
  millicores: 'm',
  millicpu: 'm',
  b: '',
  byte: '',
  bytes: '',
  kb: 'k',
  mb: 'M',
  gb: 'G',
  tb: 'T',
  pb: 'P',
  ki: 'Ki',
  mi: 'Mi',
  gi: 'Gi',
  ti: 'Ti',
  pi: 'Pi',
  kib: 'Ki',
  mib: 'Mi',
  gib: 'Gi',
  tib: 'Ti',
  pib: 'Pi',
  k: 'k',
  m: 'M',
  g: 'G',
  t: 'T',
  p: 'P',
};

const CPU_UNIT = /^(?:v?cpus?|cores?)$/;

/** What to write instead of a text that was meant as a quantity: `8 cores` → `write 8 or 8000m`. */
export function quantityHint(text: string): string {
  const [, amount = '', unit = ''] = /^\s*(\d+(?:[.,]\d+)?)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const number = amount.replace(',', '.');
  const key = unit.toLowerCase();
  if (number === '' || !(key === '' || Object.hasOwn(UNITS, key))) {
    return 'write a number with an optional suffix, such as 500m, 2, 64Gi or 500M';
  }
  const millis = Number(number) * 1000;
  if (CPU_UNIT.test(key) && Number.isSafeInteger(millis)) return `write ${number} or ${millis}m`;
  return `write ${number}${key === '' ? '' : UNITS[key]}`;
}
