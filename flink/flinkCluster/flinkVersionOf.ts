import type {Cluster} from './clusterSpec.ts';

/** The version of Flink that a cluster names, or else the tag of its image does; undefined where neither says. */
export function flinkVersionOf({spec}: Cluster): string | undefined {
  return spec.flinkVersion ?? imageVersion(spec.image.name);
}

/** The release in the tag of an image: `flink:1.20.1-scala_2.12-java17`. */
export function imageVersion(image: string): string | undefined {
  return /:v?(\d\.\d{1,2}(?:\.\d{1,3})?)(?![\d.])[^/]*$/.exec(image)?.[1];
}
