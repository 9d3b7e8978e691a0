import type {PodClass} from '../../model/pod.ts';

/** Computes something once for each class of pods. */
export function perClass<Value>(compute: (podClass: PodClass) => Value): (podClass: PodClass) => Value {
  const values: {readonly value: Value}[] = [];
  return (podClass) => {
    values[podClass.index] ??= {value: compute(podClass)};
    return values[podClass.index]!.value;
  };
}
