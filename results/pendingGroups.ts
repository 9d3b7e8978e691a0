/** Pods that share one message. */
export interface PendingGroup {
  readonly message: string;
  readonly count: number;
  /** The first three of them, as `NAMESPACE/NAME`, in the order of the result file. */
  readonly examples: readonly string[];
}

const EXAMPLES = 3;

/**
 * Gathers pods by their message: why they are pending, and just as well why they are gated, ignored or rejected. Where
 * the message names its own pod, as those of the API server do, the name does not set it apart.
 * The largest group comes first; groups of one size are in the order of their messages' code units.
 */
export function pendingGroups(
  pods: readonly {readonly pod: string; readonly message: string}[],
): readonly PendingGroup[] {
  const podsByMessage = Map.groupBy(pods, withoutName);
  return [...podsByMessage]
    .map(([message, group]) => ({
      message,
      count: group.length,
      examples: group.slice(0, EXAMPLES).map(({pod}) => pod),
    }))
    .sort((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1));
}

/** The message with the pod's own name left out: `pods "…" is forbidden: exceeded quota`. */
function withoutName({pod, message}: {readonly pod: string; readonly message: string}): string {
  return message.replaceAll(`"${pod.slice(pod.indexOf('/') + 1)}"`, '"…"');
}
