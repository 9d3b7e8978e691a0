import type {SchedulerConfiguration} from '../../simulator/framework/schedulerConfiguration.ts';

const BALANCED = 'NodeResourcesBalancedAllocation';

/**
 * The configuration with every profile filling one node after the other: NodeResourcesFit scores MostAllocated, and
 * nothing evens out CPU and memory against it. All else stays as it is.
 */
export function mostAllocated(configuration: SchedulerConfiguration): SchedulerConfiguration {
  return {
    ...configuration,
    profiles: configuration.profiles.map((profile) => {
      const {args, plugins} = profile;
      const {resources} = args.NodeResourcesFit.scoringStrategy;
      const without = (names: readonly string[]): readonly string[] => names.filter((name) => name !== BALANCED);
      return {
        ...profile,
        plugins: {...plugins, preScore: without(plugins.preScore), score: without(plugins.score)},
        args: {
          ...args,
          NodeResourcesFit: {...args.NodeResourcesFit, scoringStrategy: {type: 'MostAllocated', resources}},
        },
      };
    }),
  };
}
