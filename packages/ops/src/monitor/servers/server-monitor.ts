import { performance } from "node:perf_hooks";
import type { Health, Redlock } from "quorumlock";
import type { QuorumView, ServerView } from "../api.ts";
import { describeQuorum } from "./quorum-text.ts";
import type { MonitorServer } from "../options.ts";
import { ServerProbe } from "./server-probe.ts";
import { serverViews, type UnreachableFrom } from "./server-views.ts";

/** A change that the log of events shows. */
export type ServerChange =
  | { readonly kind: "server"; readonly before: ServerView; readonly now: ServerView }
  | { readonly kind: "quorum"; readonly before: QuorumView; readonly now: QuorumView };

export interface ServerMonitorOptions {
  readonly servers: readonly MonitorServer[];
  readonly labels: readonly string[];
  readonly intervalMs: number;
  readonly unreachableFrom: UnreachableFrom;
  readonly onChange: (change: ServerChange) => void;
}

/** Probes all servers, asks the library which of them vote, and knows since when each has its state. */
export class ServerMonitor {
  readonly #redlock: Redlock;
  readonly #options: ServerMonitorOptions;
  readonly #probes: readonly ServerProbe[];
  #health: Health | undefined;
  #healthAt = 0;
  #isReadingHealth = false;
  #mustReadAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #views: readonly ServerView[] = [];
  #quorum: QuorumView | undefined;

  constructor(redlock: Redlock, options: ServerMonitorOptions) {
    this.#redlock = redlock;
    this.#options = options;
    this.#probes = options.servers.map(
      ({ url, redis }, index) =>
        new ServerProbe(options.labels[index] ?? url, url, { redis, onChange: () => this.#onProbeChange() }),
    );
    this.#refresh();
  }

  start(): void {
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), this.#options.intervalMs);
  }

  /** The servers, in the order of the configuration. */
  get servers(): readonly ServerView[] {
    this.#refresh();
    return this.#views;
  }

  get quorum(): QuorumView {
    this.#refresh();
    if (this.#quorum === undefined) throw new Error("the quorum is computed by the constructor");
    return this.#quorum;
  }

  /** How many servers a quorum has. */
  get quorumSize(): number {
    return Math.floor(this.#probes.length / 2) + 1;
  }

  /** How many keys the server of this index had at the latest INFO. 0 if it is not known. */
  keysOf(index: number): number {
    return this.#probes[index]?.info?.keys ?? 0;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const probe of this.#probes) probe.close();
  }

  #tick(): void {
    for (const probe of this.#probes) void probe.probe().then(() => this.#refresh());
    void this.#readHealth();
  }

  #onProbeChange(): void {
    this.#refresh();
    this.#mustReadAgain = true;
    void this.#readHealth();
  }

  async #readHealth(): Promise<void> {
    if (this.#isReadingHealth || this.#isClosed) return;
    this.#isReadingHealth = true;
    try {
      do {
        this.#mustReadAgain = false;
        this.#health = await this.#redlock.health();
        this.#healthAt = performance.now();
        this.#refresh();
      } while (this.#mustReadAgain && !this.#isClosed);
    } catch {
      // Only a closed client rejects.
    } finally {
      this.#isReadingHealth = false;
    }
  }

  /** Computes the views again, and reports what has changed. */
  #refresh(): void {
    if (this.#isClosed) return;
    const now = Date.now();
    const read =
      this.#health === undefined
        ? undefined
        : { health: this.#health, ageMs: performance.now() - this.#healthAt };
    const before = this.#views;
    this.#views = serverViews(this.#probes, read, this.#options.unreachableFrom).map((view, index) => {
      const known = before[index];
      return { ...view, sinceAt: known?.state === view.state ? known.sinceAt : now };
    });
    this.#views.forEach((view, index) => {
      const known = before[index];
      if (known !== undefined && known.state !== view.state)
        this.#options.onChange({ kind: "server", before: known, now: view });
    });
    this.#refreshQuorum(now);
  }

  #refreshQuorum(now: number): void {
    const configured = this.#probes.length;
    const voting = this.#views.filter(({ votes }) => votes).length;
    const known = this.#quorum;
    const isSame = known?.voting === voting;
    const described = describeQuorum(voting, configured, this.quorumSize);
    const quorum: QuorumView = {
      voting,
      configured,
      quorum: this.quorumSize,
      ...described,
      sinceAt: isSame ? known.sinceAt : now,
    };
    this.#quorum = quorum;
    if (known !== undefined && !isSame)
      this.#options.onChange({ kind: "quorum", before: known, now: quorum });
  }
}
