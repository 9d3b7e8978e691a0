import type {Catalog, InstanceType} from './instanceType.ts';

export const LINT_RULES = [
  'PriceNotLinear',
  'PriceInverted',
  'PriceMissing',
  'MemoryNotLinear',
  'MemoryUnit',
  'PodLimitMissing',
  'SameType',
  'Remark',
] as const;

/** Something to doubt of a catalogue's figures. */
export interface Finding {
  readonly rule: (typeof LINT_RULES)[number];
  /** Null: of the catalogue as a whole. */
  readonly instanceType: string | null;
  readonly message: string;
}

/** Beyond this share a price per vCPU is taken for that of another thing: rounding explains a few percent, bare metal ten. */
const TOLERANCE = 0.15;

/**
 * Looks for the mistakes that tables of prices are known for: Windows prices among those of Linux and prices invented
 * to steer an autoscaler (not linear in size within a family, or above those of larger machines), unknown prices, GB taken for GiB, a missing limit of pods,
 * and one type under two spellings. Findings are in the order of the rules, then of the catalogue.
 */
export function lintCatalog({instanceTypes, remarks}: Catalog): readonly Finding[] {
  const types = [...instanceTypes.values()];
  const unlinear = unlinearPrices(types);
  const findings = [
    ...remarks.map((message): Finding => ({rule: 'Remark', instanceType: null, message})),
    ...unlinear,
    ...invertedPrices(types.filter(({name}) => !unlinear.some(({instanceType}) => instanceType === name))),
    ...unlinearMemory(types),
    ...spelledTwice(types),
    ...types.flatMap(ofOneType),
  ];
  return LINT_RULES.flatMap((rule) => findings.filter((finding) => finding.rule === rule));
}

function ofOneType(type: InstanceType): Finding[] {
  const {name: instanceType, pricePerHour, maxPods, allocatable, memoryMiB} = type;
  const findings: Finding[] = [];
  if (pricePerHour === null) findings.push({rule: 'PriceMissing', instanceType, message: 'has no known price'});
  if (maxPods === null && allocatable?.pods === undefined) {
    findings.push({
      rule: 'PodLimitMissing',
      instanceType,
      message: 'has no limit of pods; the default of the rule holds',
    });
  }
  if (!Number.isInteger(memoryMiB)) {
    const mebibytes = Math.round(memoryMiB * 10) / 10;
    findings.push({
      rule: 'MemoryUnit',
      instanceType,
      message: `has ${mebibytes} MiB, no whole number of them: GB for GiB? kubectl get nodes tells`,
    });
  }
  return findings;
}

/** Machines of one family and one proportion of memory to CPU; GPUs are priced apart. */
function families(types: readonly InstanceType[]): readonly (readonly InstanceType[])[] {
  const plain = types.filter(({gpus}) => gpus === 0);
  return [...Map.groupBy(plain, (type) => `${type.family} ${Math.round(type.memoryMiB / type.vcpu / 64)}`).values()];
}

function unlinearPrices(types: readonly InstanceType[]): Finding[] {
  return families(types).flatMap((family) => {
    const priced = family.flatMap(({name, vcpu, pricePerHour}) =>
      pricePerHour === null ? [] : [{name, perCpu: pricePerHour / vcpu}],
    );
    const usual = lowerMedian(priced.map(({perCpu}) => perCpu));
    return priced
      .filter(({perCpu}) => Math.abs(perCpu / usual - 1) > TOLERANCE)
      .map(({name, perCpu}): Finding => {
        const change = perCpu > usual ? 'more' : 'less';
        const percent = Math.round(Math.abs(perCpu / usual - 1) * 100);
        const guess = perCpu > usual ? ': with Windows, or invented?' : '';
        return {
          rule: 'PriceNotLinear',
          instanceType: name,
          message: `costs ${rounded(perCpu)} per vCPU and hour, ${percent} % ${change} than the ${rounded(usual)} of its family${guess}`,
        };
      });
  });
}

/** A machine that costs more than one of its family that has more of everything. */
function invertedPrices(types: readonly InstanceType[]): Finding[] {
  return [...Map.groupBy(types, ({family}) => family).values()].flatMap((family) =>
    family.flatMap((type): Finding[] => {
      const {pricePerHour} = type;
      if (pricePerHour === null) return [];
      const larger = family.find(
        (other) => isLarger(other, type) && (other.pricePerHour ?? pricePerHour) < pricePerHour,
      );
      if (larger === undefined) return [];
      const message = `costs ${rounded(pricePerHour)} an hour, more than the larger ${larger.name} with ${rounded(larger.pricePerHour!)}: invented?`;
      return [{rule: 'PriceInverted', instanceType: type.name, message}];
    }),
  );
}

function isLarger(a: InstanceType, b: InstanceType): boolean {
  const atLeast =
    a.vcpu >= b.vcpu && a.memoryMiB >= b.memoryMiB && a.gpus >= b.gpus && a.localNvmeGiB >= b.localNvmeGiB;
  return atLeast && (a.vcpu > b.vcpu || a.memoryMiB > b.memoryMiB);
}

/** Of three and more sizes of a family nearly always all have the same memory per vCPU. */
function unlinearMemory(types: readonly InstanceType[]): Finding[] {
  return [...Map.groupBy(types, ({family}) => family).values()].flatMap((family) => {
    if (family.length < 3) return [];
    const perCpu = ({memoryMiB, vcpu}: InstanceType): number => memoryMiB / vcpu;
    const usual = lowerMedian(family.map(perCpu));
    const odd = family.filter((type) => Math.abs(perCpu(type) / usual - 1) > 0.01);
    // A family of many proportions, such as one that names the memory in each type, is no mistake.
    if (odd.length > family.length / 4) return [];
    return odd.map(
      (type): Finding => ({
        rule: 'MemoryNotLinear',
        instanceType: type.name,
        message: `has ${rounded(perCpu(type) / 1024)} GiB per vCPU, its family ${rounded(usual / 1024)}`,
      }),
    );
  });
}

function spelledTwice(types: readonly InstanceType[]): Finding[] {
  return [...Map.groupBy(types, ({name}) => name.toLowerCase()).values()].flatMap(([first, ...rest]) =>
    rest.map(
      ({name}): Finding => ({rule: 'SameType', instanceType: name, message: `is the same name as ${first!.name}`}),
    ),
  );
}

/** Of an even number the lower one: prices are more often too high than too low. */
function lowerMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
