/**
 * How often servers are asked for a lock. There is reason to ask when a caller comes, once more when it has subscribed,
 * and when the lock passes from one holder to the next: so the measure is the number of requests from one client to one
 * server for one resource, over the number of that client's callers plus the number of times the resource was granted to
 * anybody.
 */
export class Asks {
  /** By client, server and resource. */
  readonly #asked = new Map<string, number>();
  readonly #callers = new Map<string, number>();
  readonly #grants = new Map<string, number>();
  total = 0;

  asked(client: string, server: number, lockKey: string): void {
    this.total += 1;
    count(this.#asked, `${client} ${server} ${lockKey}`);
  }

  called(client: string, lockKey: string): void {
    count(this.#callers, `${client} ${lockKey}`);
  }

  granted(lockKey: string): void {
    count(this.#grants, lockKey);
  }

  /** The largest measure of all clients, servers and resources, leaving out `allowance` requests of each. */
  worst(allowance = 0): number {
    let worst = 0;
    for (const [id, asked] of this.#asked) {
      const [client = "", , key = ""] = id.split(" ");
      const reasons = (this.#callers.get(`${client} ${key}`) ?? 0) + (this.#grants.get(key) ?? 0);
      worst = Math.max(worst, (asked - allowance) / Math.max(1, reasons));
    }
    return worst;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
