import { markerOperations, parseMarker, type Reply, type Request } from "../library.ts";
import type { Plan } from "../plan/plan.ts";
import { MAX_OFFSET_WITH_DATA_LOSS_MS } from "../plan/profiles.ts";

/** Counts how servers got their fencing counters back, and so for how long fencing tokens are promised (protocol §10). */
export class Recoveries {
  /** Number of servers that got their counters from the other servers. */
  fromServers = 0;
  /** Number of servers whose counters were raised to their own time. */
  byClock = 0;
  readonly #areClocksClose: boolean;
  /** The servers that were used before. */
  readonly #used = new Set<number>();

  constructor({ servers, faults }: Plan) {
    const isSkewed = servers.some(({ offsetMs }) => Math.abs(offsetMs) > MAX_OFFSET_WITH_DATA_LOSS_MS);
    const isStepped = faults.some(({ kind }) => kind === "server-clock");
    this.#areClocksClose = !isSkewed && !isStepped;
  }

  /** Counters that were raised to a server's time increase only if the clocks of the servers are close. */
  get promiseFences(): boolean {
    return this.#areClocksClose || this.byClock === 0;
  }

  /** A server executed a request. */
  onExecuted(server: number, { operation, args: [, wanted] }: Request, reply: Reply): void {
    if (operation !== markerOperations.replace || typeof reply === "number") return;
    const text = String(reply[1]);
    const marker = parseMarker(text);
    // Otherwise another client was faster.
    if (text !== wanted || marker.state !== "complete") return;
    if (marker.source === "instances") this.fromServers += 1;
    // A second first use: all servers have lost everything.
    const isRepeated = marker.source === "first-use" && this.#used.has(server);
    if (marker.source === "clock" || isRepeated) this.byClock += 1;
    this.#used.add(server);
  }
}
