import {type EventsToRegister, on} from '../queueingHints.ts';

export const nodeName: EventsToRegister = () => [on('Node', ['Add'])];
