import { Redlock, type RedlockOptions } from "quorumlock";
import type { Fault, FaultKind, Plan } from "../plan/plan.ts";
import { Referee, type Trace } from "../invariants/referee.ts";
import { resourceKeys } from "../../../packages/quorumlock/src/operations/keys.ts";
import { Host } from "./host.ts";
import { Random } from "./random.ts";
import { Server } from "./server.ts";
import { Time } from "./time.ts";
import { Wire } from "./wire.ts";

/** One client process: its machine, its ways to the servers, and the library on them. */
export interface Client {
  readonly host: Host;
  readonly wires: readonly Wire[];
  redlock: Redlock;
  /** Those that it used before it was started anew. */
  readonly former: Redlock[];
  /** Ends when `close()` has done its work; `undefined` while it was not called. */
  closing: Promise<void> | undefined;
  closed: boolean;
}

const PREFIX = "lock:";

/** The servers, the clients and the network between them, as a plan has them, and the faults that befall them. */
export class World {
  readonly time = new Time();
  readonly servers: readonly Server[];
  readonly clients: readonly Client[];
  readonly referee: Referee;
  readonly faults = new Map<FaultKind, number>();
  readonly #options: RedlockOptions[] = [];

  constructor(plan: Plan, trace: Trace | undefined) {
    const random = new Random(plan.seed);
    const hosts = plan.clients.map(
      (traits, index) => new Host(`client-${index}`, this.time, traits, random.fork(`client ${index}`)),
    );
    this.referee = new Referee(this.time, plan, hosts, PREFIX, trace);
    this.servers = plan.servers.map(
      (traits, index) => new Server(index, this.time, traits, random.fork(`server ${index}`), this.referee),
    );
    this.clients = plan.clients.map((traits, index) => {
      const host = hosts[index]!;
      const wires = this.servers.map(
        (server) =>
          new Wire(
            host,
            server,
            this.time,
            random.fork(`wire ${index} ${server.index}`),
            traits,
            this.referee,
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
      };
      this.#options.push(options);
      const redlock = new Redlock(
        traits.members.map((member) => wires[member]!),
        options,
      );
      return { host, wires, redlock, former: [], closing: undefined, closed: false };
    });
    for (const fault of plan.faults) this.time.atServer(fault.at, () => this.#befall(fault));
  }

  /** Closes a client, as its program would at its end. */
  close(client: Client): void {
    const all = [client.redlock, ...client.former];
    client.closing ??= Promise.all(all.map((redlock) => redlock.close())).then(
      () => void (client.closed = true),
    );
  }

  /** The same program with other servers: from now on it asks only these, while what it holds was granted by others. */
  startAnew(client: Client, members: readonly number[]): void {
    this.referee.say(() => `${client.host.label} is started anew with ${members.join(", ")}`);
    client.former.push(client.redlock);
    const options = this.#options[this.clients.indexOf(client)]!;
    client.redlock = new Redlock(
      members.map((member) => client.wires[member]!),
      options,
    );
  }

  /** All servers run, all ways are free, nobody stands still. */
  heal(): void {
    for (const server of this.servers) {
      server.goOn();
      server.start();
    }
    for (const { wires, host } of this.clients) {
      host.heal();
      for (const { weather } of wires) {
        Object.assign(weather, { slowness: 1, heldTo: false, heldFrom: false, cut: false, wakeCut: false });
      }
    }
    this.#lookAgain();
  }

  #lookAgain(): void {
    for (const { wires } of this.clients) for (const wire of wires) wire.lookAgain();
  }

  #befall(fault: Fault): void {
    if (this.#strike(fault)) this.#count(fault);
  }

  #count(fault: Fault): void {
    this.referee.say(() => `FAULT ${JSON.stringify({ ...fault, at: undefined })}`);
    this.faults.set(fault.kind, (this.faults.get(fault.kind) ?? 0) + 1);
  }

  /** Whether it had an effect. */
  #strike(fault: Fault): boolean {
    switch (fault.kind) {
      case "slow": {
        const { weather } = this.#wire(fault);
        weather.slowness = fault.times;
        this.#later(fault.forMs, () => (weather.slowness = 1));
        return true;
      }
      case "cut": {
        const wire = this.#wire(fault);
        wire.weather.cut = true;
        wire.cut();
        wire.cutWakes();
        this.#later(fault.forMs, () => (wire.weather.cut = false));
        return true;
      }
      case "wake-cut": {
        const wire = this.#wire(fault);
        wire.weather.wakeCut = true;
        wire.cutWakes();
        this.#later(fault.forMs, () => (wire.weather.wakeCut = false));
        return true;
      }
      case "partition": {
        const { weather } = this.#wire(fault);
        if (fault.way !== "from") weather.heldTo = true;
        if (fault.way !== "to") weather.heldFrom = true;
        this.#later(fault.forMs, () => {
          if (fault.way !== "from") weather.heldTo = false;
          if (fault.way !== "to") weather.heldFrom = false;
        });
        return true;
      }
      case "hang": {
        const server = this.#server(fault);
        if (!server.running) return false;
        server.hang();
        this.#later(fault.forMs, () => server.goOn());
        return true;
      }
      case "restart": {
        const server = this.#server(fault);
        if (server.down) return false;
        server.crash();
        this.#later(fault.forMs, () => server.start());
        return true;
      }
      case "flush-scripts":
        this.#server(fault).flushScripts();
        return true;
      case "evict": {
        const keys = resourceKeys(PREFIX, fault.name);
        return this.#server(fault).evict(fault.counter ? keys.fence : keys.lock);
      }
      case "server-clock":
        this.#server(fault).clock.stepWall(fault.byMs);
        return true;
      default:
        return this.#strikeClient(fault);
    }
  }

  #strikeClient(
    fault: Extract<Fault, { readonly kind: "pause" | "stall" | "crash" | "close" | "client-clock" }>,
  ): boolean {
    const client = this.clients[fault.client]!;
    const { host } = client;
    if (host.dead || client.closed) return false;
    switch (fault.kind) {
      case "pause":
        host.pause(fault.forMs);
        return true;
      case "stall":
        // It counts when it comes to it.
        host.stall(fault.looks, fault.forMs, () => this.#count(fault));
        return false;
      case "crash":
        host.crash();
        for (const wire of client.wires) {
          wire.cut();
          wire.cutWakes();
        }
        return true;
      case "close":
        host.at(this.time.now, () => this.close(client));
        return true;
      case "client-clock":
        host.clock.stepWall(fault.byMs);
        this.referee.clocksStepped();
        return true;
    }
  }

  #later(forMs: number, ending: () => unknown): void {
    this.time.atServer(this.time.now + forMs, () => {
      ending();
      this.#lookAgain();
    });
  }

  #wire(fault: { readonly client: number; readonly server: number }): Wire {
    return this.clients[fault.client]!.wires[fault.server]!;
  }

  #server(fault: { readonly server: number }): Server {
    return this.servers[fault.server]!;
  }
}
