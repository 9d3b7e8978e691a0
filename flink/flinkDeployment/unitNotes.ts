import {parseQuantity, scaledValue} from '../../model/quantity.ts';
import type {Field} from '../field.ts';
import type {Release} from './apacheOperator.ts';
import {quantityText} from './deploymentSpec.ts';
import {readOperatorMemory} from './operatorMemory.ts';

const MIB = 2n ** 20n;

/**
 * Names every memory under `resources` that Flink and Kubernetes read as different sizes: `4096m` is 4096 MiB to the one
 * and 4.096 bytes to the other, `2G` is binary to the one and decimal to the other.
 */
export function unitNotes(spec: Field, {readsResources}: Release): readonly string[] {
  if (!readsResources) return [];
  return ['jobManager', 'taskManager'].flatMap((component) => {
    const resources = spec.get(component).get('resources');
    const notes = ['requests', 'limits'].flatMap((part) => noteOf(resources.get(part).get('memory')));
    const [request, limit] = ['requests', 'limits'].map((part) => resources.get(part).get('memory').isPresent);
    const isMixed = request === true && limit === true && notes.length === 1;
    return isMixed
      ? [...notes, `the memory limit of ${component} is nonsense: it is made of request and limit in different units`]
      : notes;
  });
}

function noteOf(field: Field): readonly string[] {
  const text = quantityText(field);
  if (text === undefined) return [];
  const flink = readOperatorMemory(text);
  const kubernetes = parseQuantity(text);
  if ('error' in flink || kubernetes === undefined) return [];
  const millibytes = scaledValue(kubernetes, -3);
  if (millibytes === flink.bytes * 1000n) return [];
  const written = flink.bytes % MIB === 0n ? `${flink.bytes / MIB}Mi` : String(flink.bytes);
  return [
    `${field.path}: "${text}" is ${sizeText(flink.bytes * 1000n)} to Flink and ${sizeText(millibytes)} to Kubernetes; write "${written}"`,
  ];
}

/** Whole MiB where it is that, else bytes. */
function sizeText(millibytes: bigint): string {
  const bytes = millibytes / 1000n;
  if (bytes > 0n && millibytes % (1000n * MIB) === 0n) return `${bytes / MIB} MiB`;
  const fraction = String(millibytes % 1000n)
    .padStart(3, '0')
    .replace(/0+$/, '');
  return `${bytes}${fraction === '' ? '' : `.${fraction}`} bytes`;
}
