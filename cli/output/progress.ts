import type {OutputStream} from '../io.ts';

/** Tells on stderr what is going on: one line that is rewritten on a terminal, a line per step elsewhere. */
export class Progress {
  readonly #stream: OutputStream;
  readonly #quiet: boolean;
  #open = false;

  constructor(stream: OutputStream, quiet: boolean) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  /** Begins a step, such as `simulating 2,422 pods on 120 nodes`. */
  step(text: string): void {
    if (this.#quiet) return;
    if (this.#stream.isTerminal) {
      this.#stream.write(`\r\u001b[2K • ${text} …`);
      this.#open = true;
    } else this.#stream.write(` • ${text}\n`);
  }

  /** Says how far the step has come, on a terminal only: elsewhere it would fill the log. */
  update(text: string): void {
    if (this.#open) this.step(text);
  }

  /** Clears the line, before anything else is written. */
  end(): void {
    if (this.#open) this.#stream.write('\r\u001b[2K');
    this.#open = false;
  }
}
