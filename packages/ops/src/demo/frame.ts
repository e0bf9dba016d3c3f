import { bar, type Line, type Style } from "./line.ts";
import { count, seconds } from "./numbers.ts";
import type { Sale } from "./sale.ts";
import type { Server, Worker } from "./stage.ts";

/** What there is to see of a sale at one moment. */
export interface View {
  readonly title: string;
  readonly sale: Sale;
  readonly workers: readonly Worker[];
  /** None where the sale goes without a lock. */
  readonly servers: readonly Server[];
  readonly locked: boolean;
  /** Whether the sale is over. */
  readonly over: boolean;
}

const SERVER_STYLES = { up: "green", paused: "yellow", killed: "red" } as const;
const SERVER_MARKS = { up: "●", paused: "◌", killed: "×" } as const;

/** The picture of a sale, as lines for a screen that is `width` wide and shows at most `rows` lines. */
export function frame(view: View, width: number, rows: number, withFaults = true): readonly Line[] {
  const { sale, workers, servers } = view;
  const head = [titleLine(view), progressLine(view, width), []];
  const serverLines = servers.map((server) => serverLine(server, view));
  const faultLines = (withFaults ? sale.faults : []).map(({ atMs, title, who, by, meaning }): Line => [
    [`${seconds(atMs).padStart(8)}  `, "dim"],
    [title, title === "server paused" ? "yellow" : "red"],
    [` ${who}, ${by}: ${meaning}`],
  ]);
  const tail = [serverLines, faultLines].flatMap((block) => (block.length === 0 ? [] : [[], ...block]));
  const room = Math.max(1, rows - head.length - tail.length);
  const shown = workers.length <= room ? workers.length : Math.max(1, room - 1);
  const workerLines = workers.slice(0, shown).map((worker, index) => workerLine(worker, index, view, width));
  const more: Line[] =
    shown < workers.length ? [[[`    and ${workers.length - shown} more workers`, "dim"]]] : [];
  return [...head, ...workerLines, ...more, ...tail];
}

function titleLine({ title, sale, locked }: View): Line {
  const fence = locked && sale.observer.fence !== undefined ? `   fence ${sale.observer.fence}` : "";
  const time = sale.elapsedMs === 0 ? "starting …" : seconds(sale.elapsedMs);
  return [["  "], [title, "bold"], [`   ${time}${fence}`, "dim"]];
}

function progressLine({ sale }: View, width: number): Line {
  const { sold } = sale.observer;
  const text = `  ${count(sold)} of ${count(sale.items)} sold`;
  const style: Style = sold > sale.items ? "red" : "green";
  const length = Math.min(50, Math.max(5, width - text.length - 4));
  const filled = Math.round(Math.min(1, sold / sale.items) * length);
  return [["  "], ["━".repeat(filled), style], ["─".repeat(length - filled), "dim"], [text, style]];
}

function workerLine(worker: Worker, index: number, view: View, width: number): Line {
  const { sale, locked, over, workers } = view;
  const sold = sale.soldBy[index] ?? 0;
  const [mark, state, style] = stateOf(worker, sale.observer.inside.has(index), locked, over);
  const name = worker.name.padEnd(12);
  const text = `${state.padEnd(15)}${count(sold).padStart(6)} `;
  // A bar of half its length is the fair share of the items; without the lock the best seller sets the scale.
  const full = Math.max((2 * sale.items) / workers.length, ...sale.soldBy);
  const length = Math.max(0, Math.min(30, width - name.length - text.length - 5));
  const drawn = bar(sold / full, length);
  return [["  "], [mark, style], [` ${name}`], [text, style], [drawn, style === "red" ? "red" : "cyan"]];
}

function stateOf(worker: Worker, inside: boolean, locked: boolean, over: boolean): [string, string, Style] {
  if (worker.state === "killed") return ["×", "killed", "red"];
  if (worker.state === "starting") return ["○", "starting", "dim"];
  if (over) return ["○", "done", "plain"];
  if (!locked) return inside ? ["●", "selling", "yellow"] : ["○", "between", "plain"];
  return inside ? ["●", "holds the lock", "green"] : ["○", "waiting", "dim"];
}

function serverLine({ name, pid, state }: Server, { servers }: View): Line {
  const longest = Math.max(...servers.map((server) => server.name.length));
  const process = pid === undefined ? "" : `pid ${pid}`.padEnd(12);
  const style = SERVER_STYLES[state];
  return [["  "], [SERVER_MARKS[state], style], [` ${name.padEnd(longest)}  ${process}`], [state, style]];
}
