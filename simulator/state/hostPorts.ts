import type {ContainerPort, PodSpec} from '../../model/kubernetes.ts';
import {isSidecar} from '../../model/podRequests.ts';

/** A port on the node itself. */
export interface HostPort {
  readonly ip: string;
  /** `TCP/8080`. */
  readonly protocolPort: string;
}

const ANY_IP = '0.0.0.0';

/** The host ports of a pod: those of its containers and sidecars. */
export function hostPortsOf(spec: PodSpec): readonly HostPort[] {
  const {containers, initContainers = []} = spec;
  const ports = containers.flatMap(({ports = []}) => ports);
  for (const container of initContainers) if (isSidecar(container)) ports.push(...(container.ports ?? []));
  return ports.flatMap(toHostPort);
}

function toHostPort({hostPort = 0, hostIP = '', protocol = 'TCP'}: ContainerPort): HostPort[] {
  return hostPort > 0 ? [{ip: hostIP === '' ? ANY_IP : hostIP, protocolPort: `${protocol}/${hostPort}`}] : [];
}

/**
 * The host ports in use on one node. A set, not a count, as upstream's HostPortInfo: where two pods came to hold the
 * same port, through spec.nodeName, the first that leaves frees it.
 */
export class UsedHostPorts {
  readonly #ipsOf: Map<string, Set<string>>;

  constructor(ipsOf: ReadonlyMap<string, ReadonlySet<string>> = new Map()) {
    this.#ipsOf = new Map([...ipsOf].map(([protocolPort, ips]) => [protocolPort, new Set(ips)]));
  }

  add({ip, protocolPort}: HostPort): void {
    const ips = this.#ipsOf.get(protocolPort);
    if (ips === undefined) this.#ipsOf.set(protocolPort, new Set([ip]));
    else ips.add(ip);
  }

  remove({ip, protocolPort}: HostPort): void {
    const ips = this.#ipsOf.get(protocolPort);
    ips?.delete(ip);
    if (ips?.size === 0) this.#ipsOf.delete(protocolPort);
  }

  /** Whether the port is taken at the same address, or at any address by either side. */
  conflictsWith({ip, protocolPort}: HostPort): boolean {
    const ips = this.#ipsOf.get(protocolPort);
    return ips !== undefined && (ip === ANY_IP || ips.has(ANY_IP) || ips.has(ip));
  }

  clone(): UsedHostPorts {
    return new UsedHostPorts(this.#ipsOf);
  }
}
