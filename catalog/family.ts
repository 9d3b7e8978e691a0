/**
 * The types that differ from a name in size alone, as far as names tell: `m6i` of m6i.2xlarge, `n2-highmem` of
 * n2-highmem-8, `Standard_Eas_v5` of Standard_E32as_v5, `S5` of S5.2XLARGE32, `ecs.g7` of ecs.g7.xlarge.
 */
export function familyOf(name: string): string {
  const azure = /^(Standard_[A-Z]+)\d+(.*)$/.exec(name);
  if (azure !== null) return `${azure[1]}${azure[2]}`;
  return name.replace(/[.-][^.-]*$/, '');
}
