import { Redlock, type RedlockOptions } from "quorumlock";
import { Checker } from "../invariants/checker.ts";
import type { Trace } from "../invariants/findings.ts";
import type { Fault, FaultKind, Plan } from "../plan/plan.ts";
import { HEALTHY_NETWORK } from "./connection.ts";
import { Host } from "./host.ts";
import { Link } from "./link.ts";
import { counterKey, lockKey, PREFIX } from "./lock-keys.ts";
import { Random } from "./random.ts";
import { Server } from "./server.ts";
import { Time } from "./time.ts";

/** One client process: its machine, its links to the servers, and the library. */
export interface Client {
  readonly host: Host;
  readonly links: readonly Link[];
  redlock: Redlock;
  /** The instances of the library that the process used before it was restarted. */
  readonly previous: Redlock[];
  /** Settles when `close()` has ended; `undefined` if it was not called. */
  closing: Promise<void> | undefined;
  isClosed: boolean;
}

/** The servers, the clients and the network of a plan. Applies the faults of the plan. */
export class World {
  readonly time = new Time();
  readonly servers: readonly Server[];
  readonly clients: readonly Client[];
  readonly checker: Checker;
  readonly faults = new Map<FaultKind, number>();
  readonly #options: RedlockOptions[] = [];

  constructor(plan: Plan, trace: Trace | undefined) {
    const random = new Random(plan.seed);
    const hosts = plan.clients.map(
      (traits, index) => new Host(`client-${index}`, this.time, traits, random.fork(`client ${index}`)),
    );
    this.checker = new Checker(this.time, plan, hosts, trace);
    this.servers = plan.servers.map(
      (traits, index) =>
        new Server(index, this.time, traits, random.fork(`server ${index}`), this.checker.messages),
    );
    this.clients = plan.clients.map((traits, index) => {
      const host = hosts[index]!;
      const links = this.servers.map(
        (server) =>
          new Link(
            host,
            server,
            this.time,
            random.fork(`wire ${index} ${server.index}`),
            traits,
            this.checker.messages,
          ),
      );
      const options: RedlockOptions = {
        clock: host.asClock(),
        ttl: 1_000,
        driftFactor: plan.driftFactor,
        restartGuard: plan.restartGuard,
        requestTimeout: traits.requestTimeoutMs,
        owner: `client ${index}`,
        prefix: PREFIX,
        ...(plan.health === undefined ? {} : { health: { interval: plan.health.intervalMs } }),
      };
      this.#options.push(options);
      const redlock = this.#watch(
        host,
        new Redlock(
          traits.members.map((member) => links[member]!),
          options,
        ),
        traits.members.length,
        index,
      );
      return { host, links, redlock, previous: [], closing: undefined, isClosed: false };
    });
    for (const fault of plan.faults) this.time.scheduleServer(fault.at, () => this.#apply(fault));
  }

  /** Closes a client, as its program does at its end. */
  close(client: Client): void {
    const all = [client.redlock, ...client.previous];
    client.closing ??= Promise.all(all.map((redlock) => redlock.close())).then(
      () => void (client.isClosed = true),
    );
  }

  /**
   * Starts the library of a client anew with other members, and with the next members if it is in the middle of a change. Its
   * present locks stay with the instance of the library that is returned.
   */
  restartClient(client: Client, members: readonly number[], next?: readonly number[]): Redlock {
    this.checker.log(
      () =>
        `${client.host.label} is restarted with ${members.join(", ")}${next ? ` and ${next.join(", ")}` : ""}`,
    );
    const previous = client.redlock;
    client.previous.push(previous);
    const options = this.#options[this.clients.indexOf(client)]!;
    const linksTo = (servers: readonly number[]): readonly Link[] =>
      servers.map((server) => client.links[server]!);
    const current = linksTo(members);
    const sets = next === undefined ? current : { current, next: linksTo(next) };
    client.redlock = this.#watch(
      client.host,
      new Redlock(sets, options),
      members.length,
      this.clients.indexOf(client),
    );
    return previous;
  }

  /** Another client of the library in the same process, with other members. */
  openRedlock(client: Client, members: readonly number[]): Redlock {
    const options = this.#options[this.clients.indexOf(client)]!;
    return this.#watch(
      client.host,
      new Redlock(
        members.map((member) => client.links[member]!),
        options,
      ),
      members.length,
    );
  }

  /** `index`: of the client, whose health checks are checked. */
  #watch({ label }: Host, redlock: Redlock, members: number, index?: number): Redlock {
    if (index !== undefined) {
      redlock.on("quorum:lost", () => this.checker.attempts.onQuorum(index, false));
      redlock.on("quorum:restored", () => this.checker.attempts.onQuorum(index, true));
    }
    this.checker.events.observe(label, members, redlock);
    redlock.on("instance:unsafe", ({ cause, message }) => this.checker.onUnsafe(label, cause, message));
    return redlock;
  }

  /** Ends all faults: all servers run, no message is held, no client is paused. */
  heal(): void {
    for (const server of this.servers) {
      server.refuse(undefined);
      server.resume();
      server.start();
    }
    for (const { links, host } of this.clients) {
      host.heal();
      for (const { network } of links) Object.assign(network, HEALTHY_NETWORK);
    }
    this.#onNetworkChange();
  }

  #onNetworkChange(): void {
    for (const { links } of this.clients) for (const link of links) link.onNetworkChange();
  }

  #apply(fault: Fault): void {
    if (this.#tryApply(fault)) this.#count(fault);
  }

  #count(fault: Fault): void {
    this.checker.log(() => `FAULT ${JSON.stringify({ ...fault, at: undefined })}`);
    this.faults.set(fault.kind, (this.faults.get(fault.kind) ?? 0) + 1);
  }

  /** Applies a fault. Returns whether it had an effect. */
  #tryApply(fault: Fault): boolean {
    switch (fault.kind) {
      case "slow": {
        const { network } = this.#link(fault);
        network.slowness = fault.times;
        this.#endAfter(fault.forMs, () => (network.slowness = 1));
        return true;
      }
      case "cut": {
        const link = this.#link(fault);
        link.network.isCut = true;
        link.breakConnection();
        link.breakSubscriptions();
        this.#endAfter(fault.forMs, () => (link.network.isCut = false));
        return true;
      }
      case "wake-cut": {
        const link = this.#link(fault);
        link.network.isWakeCut = true;
        link.breakSubscriptions();
        this.#endAfter(fault.forMs, () => (link.network.isWakeCut = false));
        return true;
      }
      case "partition": {
        const { network } = this.#link(fault);
        if (fault.way !== "from") network.holdsRequests = true;
        if (fault.way !== "to") network.holdsReplies = true;
        this.#endAfter(fault.forMs, () => {
          if (fault.way !== "from") network.holdsRequests = false;
          if (fault.way !== "to") network.holdsReplies = false;
        });
        return true;
      }
      case "hang": {
        const server = this.#server(fault);
        if (!server.isRunning) return false;
        server.hang();
        this.#endAfter(fault.forMs, () => server.resume());
        return true;
      }
      case "restart":
      case "restore":
      case "fail-over": {
        const server = this.#server(fault);
        if (server.isDown) return false;
        server.crash();
        const start = (): void =>
          fault.kind === "fail-over" ? server.failOver() : server.start(fault.kind === "restore");
        this.#endAfter(fault.forMs, start);
        return true;
      }
      case "refuse": {
        const server = this.#server(fault);
        server.refuse(fault.error);
        this.#endAfter(fault.forMs, () => server.refuse(undefined));
        return true;
      }
      case "save":
        this.#server(fault).save();
        return true;
      case "flush":
        this.#server(fault).flush();
        return true;
      case "flush-scripts":
        this.#server(fault).flushScripts();
        return true;
      case "evict":
        return this.#server(fault).evict(fault.counter ? counterKey(fault.name) : lockKey(fault.name));
      case "server-clock":
        this.#server(fault).clock.stepWall(fault.byMs);
        return true;
      default:
        return this.#tryApplyToClient(fault);
    }
  }

  #tryApplyToClient(
    fault: Extract<
      Fault,
      { readonly kind: "pause" | "sleep" | "stall" | "await-stall" | "crash" | "close" | "client-clock" }
    >,
  ): boolean {
    const client = this.clients[fault.client]!;
    const { host } = client;
    if (host.isDead || client.isClosed) return false;
    switch (fault.kind) {
      case "pause":
        host.pause(fault.forMs);
        return true;
      case "sleep":
        host.sleep(fault.forMs);
        return true;
      case "stall":
        // It is counted when the client stalls.
        host.stall(fault.looks, fault.forMs, () => this.#count(fault));
        return false;
      case "await-stall":
        host.stallAtAwait(fault.awaits, fault.forMs, () => this.#count(fault));
        return false;
      case "crash":
        host.crash();
        for (const link of client.links) {
          link.breakConnection();
          link.breakSubscriptions();
        }
        return true;
      case "close":
        host.schedule(this.time.now, () => this.close(client));
        return true;
      case "client-clock":
        host.clock.stepWall(fault.byMs);
        this.checker.leases.onClockStepped();
        return true;
    }
  }

  #endAfter(ms: number, end: () => unknown): void {
    this.time.scheduleServer(this.time.now + ms, () => {
      end();
      this.#onNetworkChange();
    });
  }

  #link(fault: { readonly client: number; readonly server: number }): Link {
    return this.clients[fault.client]!.links[fault.server]!;
  }

  #server(fault: { readonly server: number }): Server {
    return this.servers[fault.server]!;
  }
}
