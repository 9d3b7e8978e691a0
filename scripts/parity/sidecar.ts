import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {DecisionLine, ScenarioDocument} from './format.ts';

/** What the real plugins made of a scenario, or why they could not run it. */
export interface SidecarAnswer {
  readonly lines: readonly DecisionLine[];
  readonly error: string | null;
}

/** The version of Kubernetes that a side-car is built from: `v1.36.3`. */
export function sidecarVersion(path: string): string {
  return execFileSync(path, ['version']).toString().trim();
}

/**
 * The decisions of the real plugins for scenarios in order. The side-car works some scenarios ahead while the caller
 * looks at an answer, so that both have a core to themselves.
 */
export async function* decisions(
  path: string,
  scenarios: Iterable<ScenarioDocument>,
): AsyncGenerator<{readonly document: ScenarioDocument; readonly answer: SidecarAnswer}> {
  const child = spawn(path, ['decide', '--stream'], {stdio: ['pipe', 'pipe', 'inherit']});
  const ended = once(child, 'close');
  const answers = createInterface({input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY})[Symbol.asyncIterator]();
  const ahead: ScenarioDocument[] = [];
  const source = scenarios[Symbol.iterator]();
  const send = async (): Promise<void> => {
    const {value, done} = source.next();
    if (done) {
      child.stdin.end();
      return;
    }
    ahead.push(value);
    if (!child.stdin.write(`${JSON.stringify(value)}\n`)) await once(child.stdin, 'drain');
  };
  try {
    for (let i = 0; i < SCENARIOS_AHEAD; i++) await send();
    while (ahead.length > 0) {
      const {value: text, done} = await answers.next();
      if (done) throw new Error(`the side-car ended before it answered ${ahead[0]!.name}`);
      const document = ahead.shift()!;
      const {lines = [], error = null} = JSON.parse(text) as {lines?: readonly DecisionLine[]; error?: string};
      await send();
      yield {document, answer: {lines, error}};
    }
    await ended;
  } finally {
    child.kill();
  }
}

const SCENARIOS_AHEAD = 8;
