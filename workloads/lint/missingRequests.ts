import {CPU, MEMORY} from '../../model/resources.ts';
import {finding, type LintRule} from './finding.ts';

/** Containers that ask for no CPU or no memory after every default, in pods that state nothing as a whole either. */
export const missingRequests: LintRule = ({classes}) =>
  classes.flatMap((podClass) => {
    const {spec} = podClass;
    const lacking = [CPU, MEMORY].flatMap((resource) => {
      if (spec.resources?.requests?.[resource] !== undefined) return [];
      const names = spec.containers
        .filter(({resources}) => resources?.requests?.[resource] === undefined)
        .map(({name}) => name);
      return names.length === 0 ? [] : [`no ${resource} request in ${names.join(', ')}`];
    });
    return lacking.length === 0 ? [] : [finding('STW-4001', podClass, lacking.join('; '))];
  });
