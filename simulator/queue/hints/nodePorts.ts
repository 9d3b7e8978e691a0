import {hostPortsOf, UsedHostPorts} from '../../state/hostPorts.ts';
import {type EventsToRegister, on} from '../queueingHints.ts';

/** A pod went that had one of the ports; or there is a new node. */
export const nodePorts: EventsToRegister = () => [
  on('Pod', ['Delete'], (pod, event) => {
    if (event.holds === 'Nothing') return false;
    const freed = new UsedHostPorts();
    for (const port of hostPortsOf(event.old!.class.spec)) freed.add(port);
    return hostPortsOf(pod.class.spec).some((port) => freed.conflictsWith(port));
  }),
  on('Node', ['Add']),
];
