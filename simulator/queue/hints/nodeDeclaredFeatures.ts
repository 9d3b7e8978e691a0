import {type EventsToRegister, on} from '../queueingHints.ts';

/** A node is new or declares other features. What a pod needs comes from fields that never change. */
export const nodeDeclaredFeatures: EventsToRegister = () => [
  on('Node', ['Add', 'UpdateNodeDeclaredFeature'], (_pod, event) => {
    return event.old === null || event.old.declaredFeatures.join() !== event.new!.declaredFeatures.join();
  }),
];
