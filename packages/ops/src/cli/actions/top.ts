import type { LockDetail } from "../../monitor/api.ts";
import type { MonitorModel } from "../../monitor/monitor-model.ts";
import { closeAll, type Opened, openModel } from "../../monitor/open-model.ts";
import { resolveMonitorOptions } from "../../monitor/options.ts";
import { CommandError, EXIT, fromSettings } from "../command-error.ts";
import type { GlobalOptions } from "../global-options.ts";
import { endByHangup, exitCodeOf, interruption } from "../interruption.ts";
import { hideLibraryWarnings } from "../library-warnings.ts";
import { observedBy } from "../monitor-server.ts";
import { pause } from "../pause.ts";
import { LiveScreen } from "../output/live-screen.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";
import { arrangeRows, type ClassRow, classRowsOf } from "../top/class-rows.ts";
import { lockLines } from "../top/lock-view.ts";
import { afterKey, TOP_START, type TopState } from "../top/top-state.ts";
import { topLines, type TopReading } from "../top/top-view.ts";

export interface TopOptions extends GlobalOptions {
  /** ms between two readings. */
  readonly interval: number;
  readonly filter?: string;
}

/** How many locks are looked at for the classes. */
const MAX_LOCKS = 1_000;
/** The first frame waits for the servers and the reports, but no longer. */
const FIRST_FRAME_MS = 1_000;

/** Shows the classes of locks until q, SIGINT or SIGTERM. Without a terminal: with --json one object each interval. */
export async function runTop(options: TopOptions): Promise<void> {
  using interrupted = interruption();
  const output = new Output(options);
  if (!output.isJson && !output.isTerminal)
    throw new CommandError("top needs a terminal; --json prints one object each interval", EXIT.wrongUsage);
  hideLibraryWarnings();
  const settings = await readSettings(options);
  const opened: Opened[] = [];
  try {
    const resolved = resolveMonitorOptions({
      ...observedBy(settings),
      title: settings.monitor.title,
      log: () => undefined,
    });
    const model = fromSettings(() => openModel(resolved, opened));
    model.start();
    await untilRead(model, interrupted.signal);
    const title = resolved.title;
    if (output.isJson) await printReadings(model, title, options, output, interrupted.signal);
    else await show(model, title, options, output, interrupted.signal);
  } finally {
    await closeAll(opened);
  }
  if (!interrupted.signal.aborted) return;
  endByHangup(interrupted.signal.reason);
  process.exitCode = exitCodeOf(interrupted.signal.reason) ?? 0;
}

async function untilRead(model: MonitorModel, signal: AbortSignal): Promise<void> {
  const end = performance.now() + FIRST_FRAME_MS;
  while (!model.locks().complete && performance.now() < end && !signal.aborted) await pause(50, signal);
}

function read(model: MonitorModel, title: string): TopReading {
  return {
    title,
    at: Date.now(),
    quorum: model.quorum(),
    figures: model.figures(),
    locks: model.locks({ pattern: "", sort: "blocked", health: undefined, offset: 0, limit: MAX_LOCKS }),
  };
}

async function printReadings(
  model: MonitorModel,
  title: string,
  { interval, filter = "" }: TopOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { at, quorum, figures, locks } = read(model, title);
    const rows = arrangeRows(classRowsOf(figures.classes, locks.locks), { sort: "waiting", filter });
    const { held, waiting, success, lostLastHour } = figures;
    output.printJson({
      at,
      voting: quorum.voting,
      configured: quorum.configured,
      quorum: quorum.quorum,
      held,
      waiting,
      success,
      lostLastHour,
      complete: locks.complete,
      unanswered: locks.unanswered,
      classes: rows.map(jsonOf),
    });
    await pause(interval, signal);
  }
}

function jsonOf({ class: name, figures, oldestWaitMs, topLock }: ClassRow): Record<string, unknown> {
  return {
    class: name,
    grantedPerS: figures?.grantedPerS,
    waitingOnAverage: figures?.waitingOnAverage,
    oldestWaitMs,
    waitP50Ms: figures?.waitP50Ms,
    waitP99Ms: figures?.waitP99Ms,
    success: figures?.success,
    lost: figures?.lost,
    topLock:
      topLock === undefined
        ? undefined
        : { name: topLock.name, holder: topLock.holder, blocked: topLock.blocked, health: topLock.health },
  };
}

async function show(
  model: MonitorModel,
  title: string,
  options: TopOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  let state: TopState = { ...TOP_START, filter: options.filter ?? "" };
  let reading = read(model, title);
  let rows: readonly ClassRow[] = [];
  let detail: LockDetail | undefined;
  const quit = new AbortController();
  const draw = (): void => {
    rows = arrangeRows(classRowsOf(reading.figures.classes, reading.locks.locks), state);
    state = { ...state, selected: Math.min(state.selected, Math.max(0, rows.length - 1)) };
    const size = { columns: screen.columns, rows: screen.rows };
    screen.draw(
      state.isInspecting && detail !== undefined
        ? lockLines(detail, output, size)
        : topLines(reading, rows, state, output, size),
    );
  };
  const look = async (): Promise<void> => {
    const name = detail?.name ?? rows[state.selected]?.topLock?.name;
    if (name === undefined) state = { ...state, isInspecting: false };
    else detail = await model.lock(name, undefined);
    draw();
  };
  using screen = new LiveScreen(output, {
    onResize: draw,
    onKey: (key) => {
      state = afterKey(state, key, rows.length);
      if (state.hasQuit) quit.abort();
      if (!state.isInspecting) detail = undefined;
      if (state.isInspecting && detail === undefined) look().catch(() => undefined);
      else draw();
    },
  });
  const ended = AbortSignal.any([quit.signal, signal]);
  draw();
  while (!ended.aborted) {
    await pause(options.interval, ended);
    if (state.isPaused || ended.aborted) continue;
    reading = read(model, title);
    if (state.isInspecting) await look();
    else draw();
  }
}
