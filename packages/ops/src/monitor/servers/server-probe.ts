import { performance } from "node:perf_hooks";
import type { ConnectionOptions } from "../options.ts";
import { BoundedConnection } from "./bounded-connection.ts";
import { LatencyWindow } from "./latency-window.ts";
import { safeMessage } from "../../format/safe-message.ts";
import { parseServerInfo, type ServerInfo } from "./server-info.ts";

/** How long a server may take to answer a probe. */
const PROBE_TIMEOUT_MS = 500;
const INFO_INTERVAL_MS = 10_000;

/** What the latest probe found: nothing yet, an answer, an error reply, or silence. */
export type ProbeState = "unknown" | "answered" | "refused" | "no-answer";

/**
 * Probes one server with PING and TIME, and every 10 s with INFO. It has its own connection, so no other request of the monitor delays
 * a probe, and no server delays the probe of another one.
 */
export class ServerProbe {
  readonly label: string;
  readonly #connection: BoundedConnection;
  readonly #latencies = new LatencyWindow();
  readonly #onChange: () => void;
  #state: ProbeState = "unknown";
  #message: string | undefined;
  #info: ServerInfo | undefined;
  #infoAt = -Infinity;
  #restarts = 0;
  #timeLeadMs: number | undefined;
  /** The probe that is in flight. */
  #probing: Promise<void> | undefined;

  constructor(
    label: string,
    url: string,
    options: { readonly redis: ConnectionOptions | undefined; readonly onChange: () => void },
  ) {
    this.label = label;
    this.#onChange = options.onChange;
    this.#connection = new BoundedConnection(url, options.redis, PROBE_TIMEOUT_MS);
    this.#connection.onConnected(() => void this.probe());
    this.#connection.onDisconnected(() => {
      if (this.#state === "answered") void this.probe();
    });
  }

  get state(): ProbeState {
    return this.#state;
  }

  /** Why it does not answer. */
  get message(): string | undefined {
    return this.#message;
  }

  get latencies(): LatencyWindow {
    return this.#latencies;
  }

  /** The latest INFO. */
  get info(): ServerInfo | undefined {
    return this.#info;
  }

  /** How often the server had another run id than before. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The time of the server less that of this process, at the middle of the latest probe. `undefined` if it does not answer. */
  get timeLeadMs(): number | undefined {
    return this.#state === "answered" ? this.#timeLeadMs : undefined;
  }

  /**
   * Probes once. Never rejects. While a probe is in flight, returns that one, because its connection takes one request at a time. A
   * server that still owes the reply to a probe that timed out counts as silent.
   */
  probe(): Promise<void> {
    this.#probing ??= this.#probe().finally(() => (this.#probing = undefined));
    return this.#probing;
  }

  async #probe(): Promise<void> {
    const startedAt = performance.now();
    const wantsInfo = startedAt - this.#infoAt >= INFO_INTERVAL_MS || this.#state !== "answered";
    try {
      const [pong, time] = await this.#connection.send([["PING"], ["TIME"]]);
      const endedAt = performance.now();
      if (pong instanceof Error) {
        this.#set("refused", safeMessage(pong));
        return;
      }
      this.#latencies.add(endedAt - startedAt);
      this.#timeLeadMs = leadOf(time, (endedAt - startedAt) / 2);
      if (wantsInfo) await this.#readInfo(endedAt);
      this.#set("answered", undefined);
    } catch (error) {
      // While it connects for the first time, nothing is known.
      if (this.#connection.isSettled) this.#set("no-answer", safeMessage(error));
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #readInfo(at: number): Promise<void> {
    const [reply] = await this.#connection.send([["INFO"]]);
    // A user that may not run INFO has a server without these figures.
    if (typeof reply !== "string") return;
    const info = parseServerInfo(reply);
    const before = this.#info?.runId;
    if (before !== undefined && info.runId !== undefined && before !== info.runId) this.#restarts += 1;
    this.#info = info;
    this.#infoAt = at;
  }

  #set(state: ProbeState, message: string | undefined): void {
    const hasChanged = state !== this.#state;
    this.#state = state;
    this.#message = message;
    if (hasChanged) this.#onChange();
  }
}

/** `TIME` is a list of seconds and microseconds. */
function leadOf(reply: unknown, halfRoundTripMs: number): number | undefined {
  if (!Array.isArray(reply)) return undefined;
  const serverMs = Number(reply[0]) * 1_000 + Number(reply[1]) / 1_000;
  return serverMs - (Date.now() - halfRoundTripMs);
}
