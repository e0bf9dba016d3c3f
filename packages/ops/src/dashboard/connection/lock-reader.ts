import type { Report } from "./messages.ts";
import { type MonitorClient, RequestError } from "./monitor-client.ts";

const INTERVAL_MS = 1_000;

/** Reads one lock from all servers each second, while its page is open. */
export class LockReader {
  readonly #client: MonitorClient;
  readonly #send: (report: Report) => void;
  #name: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A reply of an earlier round is not reported. */
  #round = 0;

  constructor(client: MonitorClient, send: (report: Report) => void) {
    this.#client = client;
    this.#send = send;
  }

  watch(name: string | undefined): void {
    this.#name = name;
    this.readNow();
  }

  readNow(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    if (this.#name !== undefined) void this.#read(this.#name, this.#round);
  }

  async #read(name: string, round: number): Promise<void> {
    const { detail, problem } = await this.#detail(name);
    if (round !== this.#round) return;
    this.#send({ type: "detail", name, detail, problem, receivedAt: Date.now() });
    this.#timer = setTimeout(() => void this.#read(name, round), INTERVAL_MS);
  }

  async #detail(name: string): Promise<{
    detail: Awaited<ReturnType<MonitorClient["lock"]>> | undefined;
    problem: string | undefined;
  }> {
    try {
      return { detail: await this.#client.lock(name), problem: undefined };
    } catch (error) {
      return { detail: undefined, problem: error instanceof RequestError ? error.message : String(error) };
    }
  }
}
