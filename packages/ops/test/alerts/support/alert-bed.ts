import { onTestFinished } from "vitest";
import {
  type AlertChannel,
  type AlertFigures,
  type AlertMessage,
  Alerts,
  type AlertSettings,
  type ClassCounts,
  type ClassFigures,
  type ServerFigures,
} from "../../../src/alerts/index.ts";
import { ManualClock } from "./alert-clock.ts";

export const NO_COUNTS: ClassCounts = {
  granted: 0,
  timedOut: 0,
  noQuorum: 0,
  lost: 0,
  extended: 0,
  extensionsFailed: 0,
  longWaits: 0,
};

export function server(label: string, changes: Partial<ServerFigures> = {}): ServerFigures {
  return { label, isAnswering: true, isVoting: true, unsafe: [], ...changes };
}

export const down = { isAnswering: false, isVoting: false, message: "ECONNREFUSED" } as const;

type ClassChanges = Partial<Omit<ClassFigures, "counts" | "resource">> & Partial<ClassCounts>;

/** Figures that a test changes, the alerts on them, and what their channel gets. */
export class AlertBed {
  readonly clock = new ManualClock();
  readonly messages: AlertMessage[] = [];
  readonly channel: AlertChannel = {
    name: "test",
    send: (message) => {
      this.messages.push(message);
      return Promise.resolve("200");
    },
  };
  readonly alerts: Alerts;
  servers: readonly ServerFigures[] | undefined = ["redis-a", "redis-b", "redis-c"].map((label) =>
    server(label),
  );
  hasData = true;
  losses: AlertFigures["losses"] = [];
  readonly #classes = new Map<string, ClassFigures>();
  hasClasses = true;
  /** A source that does not work. */
  readInstead: (() => Promise<AlertFigures>) | undefined;
  onChange: () => void = () => undefined;

  constructor(settings: AlertSettings = {}) {
    this.alerts = new Alerts({
      title: "production",
      channels: [this.channel],
      clock: this.clock,
      ...settings,
      source: {
        read: () => this.readInstead?.() ?? this.#figures(),
        listen: (onChange) => {
          this.onChange = onChange;
          return () => undefined;
        },
      },
    });
    onTestFinished(() => void this.alerts.close());
  }

  /** Changes one server, and reports the change. */
  set(label: string, changes: Partial<ServerFigures>): void {
    this.servers = this.servers?.map((each) => (each.label === label ? { ...each, ...changes } : each));
    this.onChange();
  }

  /** Adds to the counts of a class, and sets its other figures. */
  count(resource: string, changes: ClassChanges): void {
    const before = this.#classes.get(resource);
    const counts: Record<string, number> = { ...NO_COUNTS, ...before?.counts };
    const others: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(changes)) {
      if (field in NO_COUNTS) counts[field] = (counts[field] ?? 0) + (value as number);
      else others[field] = value;
    }
    const empty = { resource, active: 0, waiters: 0, oldestWaitMs: 0, longestHoldMs: 0 };
    const changed = { ...empty, ...before, ...others, counts: counts as unknown as ClassCounts };
    this.#classes.set(resource, changed);
  }

  /** The counts of a class begin again, as after a restart of its process. */
  restart(resource: string): void {
    this.#classes.delete(resource);
    this.count(resource, {});
  }

  firing(): readonly string[] {
    return this.alerts.alerts.filter(({ state }) => state === "firing").map(({ rule }) => rule);
  }

  /** All lines of all messages. */
  get lines(): readonly string[] {
    return this.messages.flatMap(({ text }) => text.split("\n"));
  }

  #figures(): AlertFigures {
    const { servers, losses, hasData } = this;
    const configured = servers?.length ?? 0;
    const voting = servers?.filter(({ isVoting }) => isVoting).length ?? 0;
    const required = Math.floor(configured / 2) + 1;
    return {
      hasData,
      quorum: servers === undefined ? undefined : { voting, configured, required },
      servers,
      classes: this.hasClasses ? [...this.#classes.values()] : undefined,
      losses,
    };
  }
}
