import {CPU, MEMORY, toAmount, toQuantities} from '../../model/resources.ts';
import {finding, type LintRule} from './finding.ts';

/** How many times its request a container may be allowed to use before it is worth a word. */
const TOLERATED: ReadonlyMap<string, number> = new Map([
  [CPU, 10],
  [MEMORY, 2],
]);

export const limitsFarAboveRequests: LintRule = ({classes}) =>
  classes.flatMap((podClass) => {
    const excesses = podClass.spec.containers.flatMap(({name, resources}) => {
      const requests = toQuantities(resources?.requests);
      const limits = toQuantities(resources?.limits);
      return [...TOLERATED].flatMap(([resource, tolerated]) => {
        const request = requests.get(resource);
        const limit = limits.get(resource);
        if (request === undefined || limit === undefined || request.unscaled === 0n) return [];
        const factor = toAmount(resource, limit) / toAmount(resource, request);
        return factor > tolerated ? [`${resource} limit of ${name} is ${factor.toFixed(1)} times its request`] : [];
      });
    });
    return excesses.length === 0 ? [] : [finding('STW-4002', podClass, excesses.join('; '))];
  });
