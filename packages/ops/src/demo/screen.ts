import type { WriteStream } from "node:tty";
import { createLogUpdate } from "log-update";
import type { Fault } from "./faults.ts";
import { formatFences, formatStock, renderFrame, type SaleView } from "./frame.ts";
import { formatLine, type Line, type Style, wrapText } from "./line.ts";
import { formatCount, formatSeconds } from "./numbers.ts";

/** Time between two frames of the live screen. */
const REDRAW_INTERVAL_MS = 80;

/** Time between two progress lines of the plain screen. */
const PLAIN_LINE_INTERVAL_MS = 1_000;

const DEFAULT_WIDTH = 80;
const DEFAULT_ROWS = 24;

/** Longer lines of text are hard to read. */
const MAX_TEXT_WIDTH = 100;

/** The output of the demo. Dispose it, so that the terminal works as before. */
export interface Screen extends Disposable {
  readonly width: number;
  /** Prints text, wrapped at the width of the screen. */
  printText(text: string, style?: Style): void;
  printLines(lines: readonly Line[]): void;
  /** Shows a sale until the result is disposed. The last frame remains. */
  showSale(view: () => SaleView): Disposable;
  /** Prints a fault when it happens, if the frame does not show it. */
  reportFault(fault: Fault): void;
}

/**
 * Opens a screen. On a terminal it draws frames in colour. Without a terminal, or if `NO_COLOR` or `CI` is set, it
 * prints one plain line every second.
 */
export function openScreen(stream: WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isPlain = !stream.isTTY || Boolean(env["NO_COLOR"]) || Boolean(env["CI"]) || env["TERM"] === "dumb";
  return isPlain ? new PlainScreen(stream) : new LiveScreen(stream);
}

abstract class BaseScreen implements Screen {
  protected readonly stream: WriteStream;
  protected readonly hasColour: boolean;

  constructor(stream: WriteStream, hasColour: boolean) {
    this.stream = stream;
    this.hasColour = hasColour;
  }

  get width(): number {
    return this.stream.columns > 0 ? this.stream.columns : DEFAULT_WIDTH;
  }

  printText(text: string, style: Style = "plain"): void {
    const lines = wrapText(text, Math.min(this.width, MAX_TEXT_WIDTH) - 2);
    this.printLines(lines.map((line) => [["  "], [line, style]]));
  }

  printLines(lines: readonly Line[]): void {
    this.stream.write(`${this.format(lines)}\n`);
  }

  abstract showSale(view: () => SaleView): Disposable;
  abstract reportFault(fault: Fault): void;
  abstract [Symbol.dispose](): void;

  protected format(lines: readonly Line[]): string {
    return lines.map((line) => formatLine(line, { width: this.width, hasColour: this.hasColour })).join("\n");
  }
}

class LiveScreen extends BaseScreen {
  readonly #update: ReturnType<typeof createLogUpdate>;

  constructor(stream: WriteStream) {
    super(stream, true);
    this.#update = createLogUpdate(stream);
  }

  showSale(view: () => SaleView): Disposable {
    const draw = (): void => {
      // The cursor needs the last row.
      const rows = (this.stream.rows || DEFAULT_ROWS) - 1;
      this.#update(this.format(renderFrame(view(), { width: this.width, rows, showFaults: true })));
    };
    const timer = setInterval(draw, REDRAW_INTERVAL_MS);
    draw();
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        draw();
        this.#update.done();
        this.printLines([[]]);
      },
    };
  }

  /** Does nothing, because the frame shows the faults. */
  reportFault(): void {}

  [Symbol.dispose](): void {
    this.#update.done();
  }
}

class PlainScreen extends BaseScreen {
  constructor(stream: WriteStream) {
    super(stream, false);
  }

  showSale(view: () => SaleView): Disposable {
    this.printText(`${view().title}: starting ${view().workers.length} workers`);
    const timer = setInterval(() => {
      if (view().sale.elapsedMs > 0) this.printLines([[[formatProgress(view())]]]);
    }, PLAIN_LINE_INTERVAL_MS);
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer);
        // `reportFault()` has printed the faults.
        const frame = renderFrame(view(), { width: this.width, rows: Infinity, showFaults: false });
        this.printLines([[], ...frame, []]);
      },
    };
  }

  reportFault({ atMs, title, target, method, effect }: Fault): void {
    this.printLines([[[`${formatSeconds(atMs).padStart(8)}  ${title}: ${target}, ${method}: ${effect}`]]]);
  }

  [Symbol.dispose](): void {}
}

/** "3.0 s  612 of 1,000 sold, 644 fencing tokens, pid 4711 holds the lock" */
function formatProgress({ sale, workers, isLocked }: SaleView): string {
  const { sold, workersInside } = sale.observer;
  const holders = [...workersInside].map((worker) => workers[worker]?.name).join(", ");
  const holderText = holders === "" ? "no worker holds the lock" : `${holders} holds the lock`;
  const more = isLocked ? `${formatFences(sale)}, ${holderText}` : formatStock(sale);
  const soldText = `${formatCount(sold)} of ${formatCount(sale.items)} sold`;
  return `${formatSeconds(sale.elapsedMs).padStart(8)}  ${soldText}, ${more}`;
}
