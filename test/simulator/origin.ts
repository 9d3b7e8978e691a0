import type {Origin} from '../../model/diagnostic.ts';

/** The origin of documents that tests make up. */
export const ORIGIN: Origin = {file: 'scheduler.yaml', at: () => ({line: 1, column: 1})};
