import type { WriteStream } from "node:tty";
import { createLogUpdate } from "log-update";
import type { Fault } from "./faults.ts";
import { frame, type View } from "./frame.ts";
import { type Line, paint, type Style, wrap } from "./line.ts";
import { count, seconds } from "./numbers.ts";

const REDRAW_MS = 80;
const PLAIN_LINE_MS = 1_000;
const USUAL_WIDTH = 80;
const WIDEST_TEXT = 100;
const USUAL_ROWS = 24;

/** What the demo shows. Disposing it leaves the terminal in order. */
export interface Screen extends Disposable {
  readonly width: number;
  /** A sentence, for good. */
  say(text: string, style?: Style): void;
  /** Lines, for good. */
  print(lines: readonly Line[]): void;
  /** Shows a sale while it runs; `look` is asked for what there is to see. Disposing leaves the last picture standing. */
  watch(look: () => View): Disposable;
  /** Tells of a fault at the moment it strikes, where that is not part of the picture anyway. */
  tell(fault: Fault): void;
}

/**
 * On a terminal a picture in colour that is drawn again and again; elsewhere, and where `NO_COLOR` or `CI` is set, plain lines, one a second.
 */
export function openScreen(stream: WriteStream, env: NodeJS.ProcessEnv): Screen {
  const plain = !stream.isTTY || Boolean(env["NO_COLOR"]) || Boolean(env["CI"]) || env["TERM"] === "dumb";
  return plain ? new PlainScreen(stream) : new LiveScreen(stream);
}

abstract class BaseScreen implements Screen {
  protected readonly stream: WriteStream;
  protected readonly colour: boolean;

  constructor(stream: WriteStream, colour: boolean) {
    this.stream = stream;
    this.colour = colour;
  }

  get width(): number {
    return this.stream.columns > 0 ? this.stream.columns : USUAL_WIDTH;
  }

  say(text: string, style: Style = "plain"): void {
    const lines = wrap(text, Math.min(this.width, WIDEST_TEXT) - 2);
    this.print(lines.map((line) => [["  "], [line, style]]));
  }

  print(lines: readonly Line[]): void {
    this.stream.write(`${this.painted(lines)}\n`);
  }

  abstract watch(look: () => View): Disposable;
  abstract tell(fault: Fault): void;
  abstract [Symbol.dispose](): void;

  protected painted(lines: readonly Line[]): string {
    return lines.map((line) => paint(line, { width: this.width, colour: this.colour })).join("\n");
  }
}

class LiveScreen extends BaseScreen {
  readonly #update: ReturnType<typeof createLogUpdate>;

  constructor(stream: WriteStream) {
    super(stream, true);
    this.#update = createLogUpdate(stream);
  }

  watch(look: () => View): Disposable {
    const draw = (): void => {
      // One row stays free for the cursor.
      this.#update(this.painted(frame(look(), this.width, (this.stream.rows || USUAL_ROWS) - 1)));
    };
    const timer = setInterval(draw, REDRAW_MS);
    draw();
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        draw();
        this.#update.done();
        this.print([[]]);
      },
    };
  }

  tell(): void {}

  [Symbol.dispose](): void {
    this.#update.done();
  }
}

class PlainScreen extends BaseScreen {
  constructor(stream: WriteStream) {
    super(stream, false);
  }

  watch(look: () => View): Disposable {
    this.say(`${look().title}: starting ${look().workers.length} workers`);
    const timer = setInterval(() => {
      if (look().sale.elapsedMs > 0) this.print([[[progress(look())]]]);
    }, PLAIN_LINE_MS);
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        // The faults were told when they struck.
        this.print([[], ...frame(look(), this.width, Infinity, false), []]);
      },
    };
  }

  tell({ atMs, title, who, by, meaning }: Fault): void {
    this.print([[[`${seconds(atMs).padStart(8)}  ${title}: ${who}, ${by}: ${meaning}`]]]);
  }

  [Symbol.dispose](): void {}
}

/** "3.0 s  612 of 1,000 sold, fence 644, pid 4711 holds the lock" */
function progress({ sale, workers, locked }: View): string {
  const { sold, fence, inside } = sale.observer;
  const names = [...inside].map((worker) => workers[worker]?.name).join(", ");
  const who = locked ? `, fence ${fence ?? "none yet"}, ${names || "nobody"} holds the lock` : "";
  return `${seconds(sale.elapsedMs).padStart(8)}  ${count(sold)} of ${count(sale.items)} sold${who}`;
}
