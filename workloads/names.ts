/**
 * Names in the shapes Kubernetes gives them. Where the API server draws random characters, these are worked out from
 * the object's identity, so that the same input gives the same names.
 */

/** What Kubernetes builds random names from: no vowels and no look-alikes (apimachinery/pkg/util/rand). */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const RANDOM_LENGTH = 5;
/** What remains of a generateName when five characters must fit into a DNS label (apiserver/pkg/storage/names). */
const GENERATE_NAME_LENGTH = 63 - RANDOM_LENGTH;
const SUFFIX_COUNT = SAFE_ALPHABET.length ** RANDOM_LENGTH;
/** Coprime to SUFFIX_COUNT (a power of 3), so that stepping by it visits every suffix once; about its golden ratio. */
const SUFFIX_STEP = 8_868_131;

/** FNV-1a over UTF-16 code units, 32 bits, not negative. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A hash as Kubernetes writes one into names and labels: its decimal digits, each as a safe character. */
export function safeHash(text: string): string {
  let encoded = '';
  for (const digit of String(stableHash(text))) encoded += SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length];
  return encoded;
}

/** The `pod-template-hash` of a Deployment, or the hash of a DaemonSet's or StatefulSet's revision. */
export function templateHash(kind: string, namespace: string, name: string): string {
  return safeHash(`${kind}/${namespace}/${name}`);
}

/** A Job's name as the CronJob controller makes it: the CronJob's, and eight digits for the scheduled minute. */
export function cronJobRunName(namespace: string, name: string): string {
  return `${name}-2${String(stableHash(`CronJob/${namespace}/${name}`) % 10_000_000).padStart(7, '0')}`;
}

/** Hands out names that are unique within each namespace. */
export class PodNames {
  readonly #fixed = new Map<string, Set<string>>();
  readonly #generated = new Map<string, {count: number}>();

  /** Keeps a name that an object of the input has; a generated one will not collide with it. */
  reserve(namespace: string, name: string): void {
    const names = this.#fixed.get(namespace);
    if (names === undefined) this.#fixed.set(namespace, new Set([name]));
    else names.add(name);
  }

  /** The generateName, cut to 58 characters, and five safe characters. */
  generate(namespace: string, generateName: string): string {
    return this.generator(namespace, generateName)();
  }

  /** The same for many pods of one generateName. */
  generator(namespace: string, generateName: string): () => string {
    const prefix = generateName.slice(0, GENERATE_NAME_LENGTH);
    const key = `${namespace}/${prefix}`;
    const start = stableHash(key) % SUFFIX_COUNT;
    const fixed = this.#fixed.get(namespace);
    const counter = this.#counter(key);
    return () => {
      for (;;) {
        const name = prefix + suffix((start + counter.count * SUFFIX_STEP) % SUFFIX_COUNT);
        counter.count += 1;
        if (fixed === undefined || !fixed.has(name)) return name;
      }
    };
  }

  #counter(key: string): {count: number} {
    const known = this.#generated.get(key);
    if (known !== undefined) return known;
    const counter = {count: 0};
    this.#generated.set(key, counter);
    return counter;
  }
}

/** Five digits to the base of the alphabet, three and two at a time, as a million names are asked for at once. */
function suffix(value: number): string {
  return TRIPLES[value % TRIPLES.length]! + PAIRS[Math.floor(value / TRIPLES.length)]!;
}

const PAIRS = [...SAFE_ALPHABET].flatMap((first) => [...SAFE_ALPHABET].map((second) => first + second));
const TRIPLES = PAIRS.flatMap((pair) => [...SAFE_ALPHABET].map((third) => pair + third));

/** A uid in the shape of a UUID, for labels that hold one. */
export function stableUid(identity: string): string {
  const digits = [0, 1, 2, 3].map((part) => stableHash(`${part}/${identity}`).toString(16).padStart(8, '0')).join('');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}
