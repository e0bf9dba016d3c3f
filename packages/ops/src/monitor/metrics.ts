import { Counter, Gauge, Registry } from "prom-client";
import type { MonitorModel } from "./monitor-model.ts";

/**
 * The metrics of the monitor: what it found out about the servers and the locks, and how it does itself. The applications export their
 * own figures. Every scrape reads the present values.
 */
export function monitorMetrics(model: MonitorModel, prefix: string, version: string): Registry {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    const metric: Gauge = new Gauge({
      name: `${prefix}_${name}`,
      help,
      registers,
      collect: () => metric.set(read()),
    });
  };
  /** One series for each server. `undefined` leaves the series out. */
  const serverGauge = (
    name: string,
    help: string,
    read: (server: ReturnType<MonitorModel["servers"]>[number]) => number | undefined,
  ): void => {
    const metric: Gauge<"server"> = new Gauge({
      name: `${prefix}_${name}`,
      help,
      registers,
      labelNames: ["server"] as const,
      collect: () => {
        metric.reset();
        for (const server of model.servers()) {
          const value = read(server);
          if (value !== undefined) metric.set({ server: server.label }, value);
        }
      },
    });
  };

  gauge("instances_configured", "Servers in the configuration", () => model.quorum().configured);
  gauge("quorum_required", "Votes that a lock needs", () => model.quorum().quorum);
  serverGauge("instance_up", "Whether the server answers", ({ state }) =>
    ["no-answer", "refused", "unknown"].includes(state) ? 0 : 1,
  );
  serverGauge("instance_voting", "Whether its grants count", ({ votes }) => (votes ? 1 : 0));
  serverGauge("instance_latency_seconds", "Median of the last 60 probes", ({ latencyMs }) =>
    seconds(latencyMs),
  );
  serverGauge("instance_abstaining_seconds", "How long it abstains", ({ abstainsMs }) => seconds(abstainsMs));
  serverGauge(
    "instance_clock_offset_seconds",
    "Its clock less that of the median server",
    ({ clockOffsetMs }) => seconds(clockOffsetMs),
  );
  serverGauge("instance_memory_used_bytes", "Memory in use", ({ usedBytes }) => usedBytes);
  serverGauge(
    "instance_memory_limit_bytes",
    "Its maxmemory; no series without a limit",
    ({ limitBytes }) => limitBytes,
  );

  gauge("monitor_locks_held", "Locks that are on a quorum", () => model.totals().held);
  gauge("monitor_locks_short", "Held locks with less than a third of their ttl", () => model.totals().short);
  gauge("monitor_scan_seconds", "Duration of the last whole scan", () => (model.scanMs() ?? 0) / 1_000);
  gauge("monitor_reporting_processes", "Processes that report", () => model.processes().reporting);
  gauge("monitor_browsers", "Browsers that follow the stream", () => model.browsers());
  const releases: Counter<"mode"> = new Counter({
    name: `${prefix}_operator_release_total`,
    help: "Locks that operators have released here",
    registers,
    labelNames: ["mode"] as const,
    collect: () => {
      releases.reset();
      for (const [mode, count] of Object.entries(model.releaseCounts())) releases.inc({ mode }, count);
    },
  });
  const messages: Counter<"channel" | "status"> = new Counter({
    name: `${prefix}_alert_messages_total`,
    help: "Messages about alerts by their channel and their end: sent, failed, dropped",
    registers,
    labelNames: ["channel", "status"] as const,
    collect: () => {
      messages.reset();
      for (const [channel, counts] of model.messageCounts())
        for (const [status, count] of Object.entries(counts)) messages.inc({ channel, status }, count);
    },
  });
  const build: Gauge<"version"> = new Gauge({
    name: `${prefix}_monitor_build_info`,
    help: "1, with the version of the monitor",
    registers,
    labelNames: ["version"] as const,
  });
  build.set({ version }, 1);
  return registry;
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}
