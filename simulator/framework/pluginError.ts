/**
 * Thrown by a plugin that can give no verdict, because objects of the API contradict each other. It ends the attempt at
 * a pod, as the status code Error does upstream; the message is that of the event.
 */
export class PluginError extends Error {}
