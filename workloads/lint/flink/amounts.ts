/** Amounts as findings write them. */

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Bytes as a manifest would write them, in whole MiB, rounded up: what a process of that size needs. */
export function mebibytesAbove(bytes: number): string {
  return `${Math.ceil(bytes / MIB)}Mi`;
}

/** The same rounded down: what fits into so many bytes. */
export function mebibytesBelow(bytes: number): string {
  return `${Math.floor(bytes / MIB)}Mi`;
}

/** `19.5 GiB`, or `232 MiB` below one. */
export function bytesText(bytes: number): string {
  return bytes < GIB ? `${Math.round(bytes / MIB)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;
}

/** `2.9 cores`. */
export function coresText(millicores: number): string {
  return `${(millicores / 1000).toFixed(1)} cores`;
}

export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** GiB of memory to one core: `9.9 GiB per core`. */
export function shapeText(bytes: number, millicores: number): string {
  return `${gibibytesPerCore(bytes, millicores).toFixed(1)} GiB per core`;
}

export function gibibytesPerCore(bytes: number, millicores: number): number {
  return bytes / GIB / (millicores / 1000);
}
