/** A machine type a cloud offers, with the provenance that every figure carries. */
export interface InstanceType {
  readonly name: string;
  readonly arch: 'amd64' | 'arm64';
  readonly vcpu: number;
  /** Nominal memory in MiB, as the provider advertises it; the kernel and the hypervisor keep some of it. */
  readonly memoryMiB: number;
  /** Pods the network plugin can address on it. */
  readonly maxPods: number;
  readonly gpus: number;
  readonly localNvmeGiB: number;
  /** On demand, in the catalogue's currency; null when unknown, never 0 for that. */
  readonly pricePerHour: number | null;
}

export interface Catalog {
  /** `PROVIDER/REGION`, as `--catalog` takes it. */
  readonly name: string;
  readonly provider: string;
  readonly region: string;
  readonly currency: string;
  readonly source: string;
  /** The day the prices were read, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly instanceTypes: ReadonlyMap<string, InstanceType>;
}
