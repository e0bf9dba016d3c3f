import type { Server, Worker } from "./environment.ts";
import { drawBar, type Line, type Style } from "./line.ts";
import { formatCount, formatSeconds } from "./numbers.ts";
import type { Sale } from "./sale.ts";

/** The state of a sale, as the screen shows it. */
export interface SaleView {
  readonly title: string;
  readonly sale: Sale;
  readonly workers: readonly Worker[];
  /** Empty for a sale without a lock. */
  readonly servers: readonly Server[];
  readonly isLocked: boolean;
  readonly hasEnded: boolean;
}

export interface FrameOptions {
  /** Number of columns. */
  readonly width: number;
  /** Maximum number of lines. The frame leaves out workers that do not fit. */
  readonly rows: number;
  readonly showFaults: boolean;
}

const SERVER_STYLES = { up: "green", paused: "yellow", killed: "red" } as const;
const SERVER_MARKS = { up: "●", paused: "◌", killed: "×" } as const;

/** Renders a sale as lines: title, progress, workers, servers and faults. */
export function renderFrame(view: SaleView, { width, rows, showFaults }: FrameOptions): readonly Line[] {
  const { sale, workers, servers } = view;
  const head = [titleLine(view), progressLine(view, width), []];
  const serverLines = servers.map((server) => serverLine(server, view));
  const faultLines = (showFaults ? sale.faults : []).map(({ atMs, title, target, method, effect }): Line => [
    [`${formatSeconds(atMs).padStart(8)}  `, "dim"],
    [title, title === "server paused" ? "yellow" : "red"],
    [` ${target}, ${method}: ${effect}`],
  ]);
  const tail = [serverLines, faultLines].flatMap((block) => (block.length === 0 ? [] : [[], ...block]));
  const maxWorkerLines = Math.max(1, rows - head.length - tail.length);
  const visible = workers.length <= maxWorkerLines ? workers.length : Math.max(1, maxWorkerLines - 1);
  const workerLines = workers
    .slice(0, visible)
    .map((worker, index) => workerLine(worker, index, view, width));
  const more: Line[] =
    visible < workers.length ? [[[`    and ${workers.length - visible} more workers`, "dim"]]] : [];
  return [...head, ...workerLines, ...more, ...tail];
}

function titleLine({ title, sale, isLocked }: SaleView): Line {
  const time = sale.elapsedMs === 0 ? "starting …" : formatSeconds(sale.elapsedMs);
  const text = isLocked ? formatFences(sale) : formatStock(sale);
  return [["  "], [title, "bold"], [`   ${time}   ${text}`, "dim"]];
}

/** "1,031 fencing tokens". A count, because the tokens themselves have 16 digits. */
export function formatFences({ observer }: Sale): string {
  return `${formatCount(observer.fences)} fencing tokens`;
}

export function formatStock({ stock }: Sale): string {
  return `the stock says ${formatCount(stock)} left`;
}

function progressLine({ sale }: SaleView, width: number): Line {
  const { sold } = sale.observer;
  const text = `  ${formatCount(sold)} of ${formatCount(sale.items)} sold`;
  const style: Style = sold > sale.items ? "red" : "green";
  const length = Math.min(50, Math.max(5, width - text.length - 4));
  const filled = Math.round(Math.min(1, sold / sale.items) * length);
  return [["  "], ["━".repeat(filled), style], ["─".repeat(length - filled), "dim"], [text, style]];
}

function workerLine(worker: Worker, index: number, view: SaleView, width: number): Line {
  const { sale, workers } = view;
  const sold = sale.soldBy[index] ?? 0;
  const [mark, state, style] = workerStatus(worker, sale.observer.workersInside.has(index), view);
  const name = worker.name.padEnd(12);
  const text = `${state.padEnd(15)}${formatCount(sold).padStart(6)} `;
  // A full bar is twice the average, or the best worker's count if that is more, as in a sale without a lock.
  const full = Math.max((2 * sale.items) / workers.length, ...sale.soldBy);
  const length = Math.max(0, Math.min(30, width - name.length - text.length - 5));
  const bar = drawBar(sold / full, length);
  return [["  "], [mark, style], [` ${name}`], [text, style], [bar, style === "red" ? "red" : "cyan"]];
}

function workerStatus(
  worker: Worker,
  isInside: boolean,
  { isLocked, hasEnded }: SaleView,
): [mark: string, text: string, style: Style] {
  if (worker.state === "killed") return ["×", "killed", "red"];
  if (worker.state === "starting") return ["○", "starting", "dim"];
  if (hasEnded) return ["○", "done", "plain"];
  if (!isLocked) return isInside ? ["●", "selling", "yellow"] : ["○", "idle", "plain"];
  return isInside ? ["●", "holds the lock", "green"] : ["○", "waiting", "dim"];
}

function serverLine({ name, pid, state }: Server, { servers }: SaleView): Line {
  const nameWidth = Math.max(...servers.map((server) => server.name.length));
  const process = pid === undefined ? "" : `pid ${pid}`.padEnd(12);
  const style = SERVER_STYLES[state];
  return [["  "], [SERVER_MARKS[state], style], [` ${name.padEnd(nameWidth)}  ${process}`], [state, style]];
}
