/**
 * Counts requests that acquire a lock. A client has a reason to send one when a caller arrives, and each time when the
 * lock passes from one holder to the next.
 *
 * So the measure is, for one client, one server and one lock: the number of requests, divided by the number of callers of
 * that client plus the number of grants to any client.
 */
export class RequestCounts {
  /** By client, server and lock key. */
  readonly #requests = new Map<string, number>();
  readonly #callers = new Map<string, number>();
  readonly #grants = new Map<string, number>();
  total = 0;

  addRequest(client: string, server: number, lockKey: string): void {
    this.total += 1;
    increment(this.#requests, `${client} ${server} ${lockKey}`);
  }

  addCaller(client: string, lockKey: string): void {
    increment(this.#callers, `${client} ${lockKey}`);
  }

  addGrant(lockKey: string): void {
    increment(this.#grants, lockKey);
  }

  /** The largest number of requests for one reason. `allowance` requests of each client, server and lock do not count. */
  maxPerReason(allowance = 0): number {
    let max = 0;
    for (const [id, requests] of this.#requests) {
      const [client = "", , key = ""] = id.split(" ");
      const reasons = (this.#callers.get(`${client} ${key}`) ?? 0) + (this.#grants.get(key) ?? 0);
      max = Math.max(max, (requests - allowance) / Math.max(1, reasons));
    }
    return max;
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
