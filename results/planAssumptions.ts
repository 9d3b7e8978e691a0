import {allocatable, ruleOf} from '../catalog/allocatable.ts';
import type {Catalog} from '../catalog/instanceType.ts';
import {amountOf, CPU, MEMORY} from '../model/resources.ts';
import type {Demand} from '../planner/demand/demand.ts';
import type {Machine} from '../planner/demand/machines.ts';
import type {SchedulerConfiguration} from '../simulator/framework/schedulerConfiguration.ts';

const MIB = 2 ** 20;

/** What a plan was made with, beside its input. */
export interface PlanSetting {
  readonly catalog: Catalog;
  readonly kubernetesVersion: string;
  /** The gap between advertised and real memory that the user states. */
  readonly memoryOverheadPercent?: number;
  /** Of machines for pods that name none. */
  readonly architectures: readonly string[];
  readonly configuration: SchedulerConfiguration | undefined;
}

/** What a plan rests on that nobody can read off its input, with the source and date of each. */
export function planAssumptions(
  {daemons}: Pick<Demand, 'daemons'>,
  {catalog, kubernetesVersion, memoryOverheadPercent, architectures, configuration}: PlanSetting,
) {
  const rule = ruleOf(catalog, kubernetesVersion);
  const [anyType] = catalog.instanceTypes.values();
  const {title, source, capacityFormula} = allocatable(anyType!, {rule}).rule;
  return {
    prices: {source: catalog.source, asOf: catalog.asOf},
    remarks: [...catalog.remarks],
    allocatableRule: {title, source},
    memoryOverhead: memoryOverheadPercent === undefined ? capacityFormula : `${memoryOverheadPercent} %`,
    architectures: [...architectures],
    schedulerProfiles: configuration?.profiles.map(({schedulerName}) => schedulerName) ?? [],
    daemons: daemons.map(({podClass: {namespace, owner, requests}}) => ({
      workload: `DaemonSet/${namespace}/${owner!.name}`,
      cpu: amountOf(requests, CPU) / 1000,
      memory: amountOf(requests, MEMORY),
    })),
  };
}

/** How much memory a machine is sold with, and what of it is kept from pods, by purpose; bytes. */
export function memoryOf({instanceType}: Machine, {catalog, kubernetesVersion, memoryOverheadPercent}: PlanSetting) {
  const {reservations} = allocatable(instanceType, {
    rule: ruleOf(catalog, kubernetesVersion),
    ...(memoryOverheadPercent === undefined ? {} : {memoryOverheadPercent}),
  });
  // Where what is left is stated of the type itself, nothing is known of the purposes.
  const isStated = instanceType.allocatable?.[MEMORY] !== undefined;
  return {
    nominal: instanceType.memoryMiB * MIB,
    reserved: isStated
      ? []
      : reservations.map(({name, memoryMiB}) => ({name, memory: Math.round((memoryMiB ?? 0) * MIB)})),
  };
}
