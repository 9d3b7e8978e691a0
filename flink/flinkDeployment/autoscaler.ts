/** Options of the autoscaler that the validator looks at, where it is enabled. */

import type {ConfigurationOption, FlinkConfiguration} from '../flinkConfiguration.ts';
import {formatJavaDouble} from '../javaDouble.ts';
import type {Release} from './apacheOperator.ts';
import {JavaFailure} from './javaFailure.ts';
import {isCronExpression, isDailyPeriod} from './period.ts';

function option(name: string, ...deprecated: readonly string[]): ConfigurationOption {
  const names = [name, ...deprecated];
  return {
    key: `job.autoscaler.${name}`,
    fallbacks: [
      ...deprecated.map((old) => `job.autoscaler.${old}`),
      ...names.map((old) => `kubernetes.operator.job.autoscaler.${old}`),
    ],
  };
}

const ENABLED = option('enabled');
const SCALE_DOWN_FACTOR = option('scale-down.max-factor');
const SCALE_UP_FACTOR = option('scale-up.max-factor');
const OLD_TARGET = option('target.utilization');
const TARGET = option('utilization.target', 'target.utilization');
const BOUNDARY = option('target.utilization.boundary');
const MAXIMUM = option('utilization.max');
const MINIMUM = option('utilization.min');
const SCALABILITY = option('observed-scalability.coefficient-min');
const EXCLUDED = option('excluded.periods');
const TARGET_DEFAULT = 0.7;

export interface OptionProblem {
  readonly message: string;
  readonly key: string;
}

export function autoscalerProblem(configuration: FlinkConfiguration, {isModern}: Release): OptionProblem | undefined {
  if (configuration.boolean(ENABLED) !== true) return undefined;
  const inRange = (checked: ConfigurationOption, minimum: number, maximum?: number) =>
    rangeProblem(configuration, checked, minimum, maximum);
  if (!isModern) {
    return [SCALE_DOWN_FACTOR, SCALE_UP_FACTOR, OLD_TARGET, BOUNDARY]
      .map((checked) => inRange(checked, 0))
      .find((problem) => problem !== undefined);
  }
  const target = configuration.double(TARGET) ?? TARGET_DEFAULT;
  const problems = [
    inRange(SCALE_DOWN_FACTOR, 0),
    inRange(SCALE_UP_FACTOR, 0),
    inRange(TARGET, 0, 1),
    inRange(BOUNDARY, 0),
    inRange(MAXIMUM, target, 1),
    inRange(MINIMUM, 0, target),
    inRange(SCALABILITY, 0.01, 1),
    ...(configuration.list(EXCLUDED) ?? []).map(periodProblem),
  ];
  return problems.find((problem) => problem !== undefined);
}

function rangeProblem(
  configuration: FlinkConfiguration,
  checked: ConfigurationOption,
  minimum: number,
  maximum: number | undefined,
): OptionProblem | undefined {
  const {key} = checked;
  let value: number | undefined;
  try {
    value = configuration.double(checked);
  } catch (error) {
    if (error instanceof JavaFailure) return {message: `Invalid value in the autoscaler config ${key}`, key};
    throw error;
  }
  if (value === undefined || !(value < minimum || (maximum !== undefined && value > maximum))) return undefined;
  const end = maximum === undefined ? '+Infinity' : formatJavaDouble(maximum);
  const range = `[${formatJavaDouble(minimum)}, ${end}]`;
  return {
    message: `The AutoScalerOption ${key} is invalid, it should be a value within the range ${range}`,
    key,
  };
}

/** A time of day and a cron expression, or one of them. */
function periodProblem(expression: string): OptionProblem | undefined {
  const {key} = EXCLUDED;
  const invalid = `Invalid value ${expression} in the autoscaler config ${key}`;
  const parts = javaSplit(expression).map((part) => part.trim());
  if (parts.length > 2) return {message: invalid, key};
  const isDaily = parts.map(isDailyPeriod);
  const isCron = parts.map(isCronExpression);
  if (parts.some((_, index) => !isDaily[index] && !isCron[index])) {
    return {
      message: `${invalid}, the value is neither a valid daily expression nor a valid cron expression`,
      key,
    };
  }
  if (parts.length === 2 && !(isDaily.includes(true) && isCron.includes(true))) {
    return {
      message: `${invalid}, the value can not be configured as dailyExpression && dailyExpression or cronExpression && cronExpression`,
      key,
    };
  }
  return undefined;
}

/** Java's `split` drops empty parts at the end. */
function javaSplit(text: string): readonly string[] {
  const parts = text.split('&&');
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
