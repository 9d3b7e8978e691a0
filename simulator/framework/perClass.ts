import type {PodClass} from '../../model/pod.ts';

/** Computes something once for each class of pods. */
export function perClass<Value>(compute: (podClass: PodClass) => Value): (podClass: PodClass) => Value {
  const values: {readonly value: Value}[] = [];
  return (podClass) => {
    values[podClass.index] ??= {value: compute(podClass)};
    return values[podClass.index]!.value;
  };
}

/** Computes something once for all classes with the same key. */
export function perKey<Value>(
  keyOf: (podClass: PodClass) => string,
  compute: (podClass: PodClass) => Value,
): (podClass: PodClass) => Value {
  const values = new Map<string, {readonly value: Value}>();
  return perClass((podClass) => {
    const key = keyOf(podClass);
    const known = values.get(key) ?? {value: compute(podClass)};
    values.set(key, known);
    return known.value;
  });
}
