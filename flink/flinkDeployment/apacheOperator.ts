/** Releases of Apache's operator whose objects are reproduced. */
export const APACHE_OPERATORS = ['apache-1.15.0', 'apache-1.16-SNAPSHOT-6e9caeb', 'apache-1.7.0'] as const;
export type ApacheOperator = (typeof APACHE_OPERATORS)[number];
/** The oldest release that reads `resources`, which current manifests use. */
export const DEFAULT_APACHE_OPERATOR: ApacheOperator = 'apache-1.16-SNAPSHOT-6e9caeb';

const VERSIONS_OF_1_7 = ['v1_13', 'v1_14', 'v1_15', 'v1_16', 'v1_17', 'v1_18', 'v1_19'] as const;
const VERSIONS = [...VERSIONS_OF_1_7, 'v1_20', 'v2_0', 'v2_1', 'v2_2', 'v2_3', 'v2_4'] as const;

/** In what the releases differ. */
export interface Release {
  readonly name: ApacheOperator;
  /** Values of `flinkVersion` that the resource may name, in order of age. */
  readonly flinkVersions: readonly string[];
  /** The first of them that the validator lets pass. */
  readonly oldestSupported: string;
  /** The Flink whose client and memory model the operator carries; it is the same for every `flinkVersion`. */
  readonly flinkClient: '1.17.1' | '1.20.1';
  /** Whether `resources` of Kubernetes count in `jobManager` and `taskManager`. */
  readonly readsResources: boolean;
  /** Whether a standalone JobManager is told its address as a property, since Flink 2.0 knows no `--host`. */
  readonly addressAsProperty: boolean;
  /** 1.7.0 reads the resource with rules of its own, is stricter with last-state and knows neither overrides nor jar hosts. */
  readonly isModern: boolean;
}

const RELEASES: Readonly<Record<ApacheOperator, Release>> = {
  'apache-1.7.0': {
    name: 'apache-1.7.0',
    flinkVersions: VERSIONS_OF_1_7,
    oldestSupported: 'v1_13',
    flinkClient: '1.17.1',
    readsResources: false,
    addressAsProperty: false,
    isModern: false,
  },
  'apache-1.15.0': {
    name: 'apache-1.15.0',
    flinkVersions: VERSIONS,
    oldestSupported: 'v1_15',
    flinkClient: '1.20.1',
    readsResources: false,
    addressAsProperty: false,
    isModern: true,
  },
  'apache-1.16-SNAPSHOT-6e9caeb': {
    name: 'apache-1.16-SNAPSHOT-6e9caeb',
    flinkVersions: VERSIONS,
    oldestSupported: 'v1_15',
    flinkClient: '1.20.1',
    readsResources: true,
    addressAsProperty: true,
    isModern: true,
  },
};

export function releaseOf(operator: ApacheOperator): Release {
  return RELEASES[operator];
}

/** Whether one `flinkVersion` is at least another; an unknown one is older than all. */
export function isAtLeastFlink(version: string | undefined, other: string): boolean {
  const order = (name: string) => (VERSIONS as readonly string[]).indexOf(name);
  return version !== undefined && order(version) >= order(other);
}
