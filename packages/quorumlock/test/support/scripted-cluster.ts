import { hashSlot } from "../../src/operations/hash-slot.ts";
import { ScriptHost } from "./script-host.ts";
import { type Executed, ScriptedServer } from "./scripted-server.ts";

const SLOTS = 16_384;

/**
 * A cluster of two scripted servers. Each has half of the hash slots, and redirects the requests for keys of the other half. They
 * share the data, so tests see all locks in one place.
 */
export class ScriptedCluster {
  readonly nodes: readonly [ScriptedServer, ScriptedServer];
  /** The slots that have moved, with the index of their node. */
  readonly #moved = new Map<number, number>();

  private constructor(nodes: readonly [ScriptedServer, ScriptedServer]) {
    this.nodes = nodes;
    const nodeOf = (slot: number): number => this.#moved.get(slot) ?? Math.floor((2 * slot) / SLOTS);
    const cluster = {
      get slots() {
        return rangesOf(nodeOf).map(({ from, to, node }) => [
          from,
          to,
          ["127.0.0.1", nodes[node]!.port, `node-${node}`],
        ]);
      },
      refusal(keys: readonly string[], port: number): string | undefined {
        const [slot, ...others] = new Set(keys.map(hashSlot));
        if (slot === undefined) return undefined;
        if (others.length > 0) return "CROSSSLOT Keys in request don't hash to the same slot";
        const owner = nodes[nodeOf(slot)]!;
        return owner.port === port ? undefined : `MOVED ${slot} 127.0.0.1:${owner.port}`;
      },
    };
    for (const node of nodes) node.cluster = cluster;
  }

  static async start(): Promise<ScriptedCluster> {
    const first = await ScriptedServer.start();
    const second = await ScriptedServer.start(new ScriptHost(first.host.store));
    return new ScriptedCluster([first, second]);
  }

  get ports(): readonly number[] {
    return this.nodes.map(({ port }) => port);
  }

  get locks(): readonly string[] {
    return this.nodes[0].locks;
  }

  /** The tokens whose acquire was carried out after their release. */
  get lateGrants(): readonly Executed[] {
    return this.nodes.flatMap(({ executed }) => {
      const released = new Set<unknown>();
      return executed.filter(({ operation, token }) => {
        if (operation === "mutex.release") released.add(token);
        return operation === "mutex.acquire" && released.has(token);
      });
    });
  }

  /** All channels that are subscribed on open connections. */
  get channels(): readonly string[] {
    return this.nodes.flatMap(({ subscriptions }) => Object.values(subscriptions).flat()).toSorted();
  }

  /** Gives the slot of this key to another node. Clients learn it when they use the slot, or when their subscription ends. */
  move(key: string, node: 0 | 1): void {
    const slot = hashSlot(key);
    this.#moved.set(slot, node);
    this.nodes[1 - node]!.dropChannels((channel) => hashSlot(channel) === slot);
  }

  publish(channel: string, message: string): void {
    this.nodes[0].host.store.publish(channel, message);
  }

  stop(): void {
    for (const node of this.nodes) node.stop();
  }
}

interface SlotRange {
  readonly from: number;
  to: number;
  readonly node: number;
}

function rangesOf(nodeOf: (slot: number) => number): readonly SlotRange[] {
  const ranges: SlotRange[] = [];
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const node = nodeOf(slot);
    const last = ranges.at(-1);
    if (last?.node === node) last.to = slot;
    else ranges.push({ from: slot, to: slot, node });
  }
  return ranges;
}
