/** Which of its own schedulers Flink runs a job with. */

/** Whether the job takes whatever slots there are; `mode` is the option `scheduler-mode`. */
export function isReactive(mode: string | undefined): boolean {
  return mode?.trim().toLowerCase() === 'reactive';
}

/** Whether the job runs at a lower parallelism with fewer slots. */
export function isAdaptive(configuration: Readonly<Record<string, string>>): boolean {
  const scheduler = configuration['jobmanager.scheduler'];
  return isReactive(configuration['scheduler-mode']) || scheduler?.trim().toLowerCase() === 'adaptive';
}
