import {startRemedies} from '../../../flink/flinkProcesses.ts';
import {componentPath, type FlinkRule, flinkFinding, pointerTo} from './flinkSubject.ts';

/** Processes whose memory Flink refuses: with its message, and the smallest changes that have been found to help. */
export const startupFailures: FlinkRule = (subject) => {
  const {object, operator, processes} = subject;
  return processes.flatMap((process) => {
    const {answer, component, title} = process;
    if ('memory' in answer) return [];
    const remedies = startRemedies(object, operator, process).map(
      ({set, why}) =>
        `${Object.entries(set)
          .map(([field, text]) => `${field}: ${text}`)
          .join(', ')} (${why})`,
    );
    const hint = remedies.length === 0 ? undefined : `starts with ${remedies.join('; or with ')}`;
    const message = `the ${title} does not start: ${answer.error[0]![1]}`;
    return [flinkFinding('STW-4101', subject, message, {hint, pointer: pointerTo(componentPath(object, component))})];
  });
};
