/** The resource that pods ask for GPUs by. */
export const GPU = 'nvidia.com/gpu';

/** What a machine is made for beside running programs on cores that are its own. */
export type Specialty = 'burstable' | 'accelerated';

/**
 * By provider, as its names tell. Burstable machines share their cores and promise only a part of them all the time; what
 * an accelerated one costs is mostly for chips that pods have to ask for.
 */
const SPECIALTIES: ReadonlyMap<string, readonly (readonly [pattern: RegExp, specialty: Specialty])[]> = new Map([
  [
    'aws',
    [
      [/^t\d/, 'burstable'],
      [/^(inf|trn|dl|vt|f)\d/, 'accelerated'],
    ],
  ],
  [
    'azure',
    [
      [/^(Standard_)?B\d/, 'burstable'],
      [/^(Standard_)?NP\d/, 'accelerated'],
    ],
  ],
  [
    'gcp',
    [
      [/^(e2-(micro|small|medium)|f1-micro|g1-small)$/, 'burstable'],
      [/^ct\d/, 'accelerated'],
    ],
  ],
]);

/** null for machines of general use; GPUs are counted elsewhere. */
export function specialtyOf(provider: string, instanceType: string): Specialty | null {
  const rules = SPECIALTIES.get(provider) ?? [];
  return rules.find(([pattern]) => pattern.test(instanceType))?.[1] ?? null;
}
