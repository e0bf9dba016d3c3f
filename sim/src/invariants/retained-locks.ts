import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Grant } from "./grant.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Finds locks that have ended, and that a client still keeps in memory although no caller can reach them. */
export class RetainedLocks {
  #grants: Grant[] = [];

  add(grant: Grant): void {
    this.#grants.push(grant);
  }

  /**
   * The tokens of locks of running clients that have ended and are still in memory. After this call the grants have no lock any
   * more.
   */
  async find(): Promise<readonly string[]> {
    const references = this.#grants.filter(isOver).map((grant) => forget(grant));
    this.#grants = [];
    // A weak reference keeps its target alive until the end of the event that made it.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    return references.flatMap(({ token, lock }) => (lock.deref() === undefined ? [] : [token]));
  }
}

function isOver({ host, lock }: Grant): boolean {
  return !host.isDead && host.observe(() => !lock.isHeld);
}

function forget(grant: Grant): { readonly token: string; readonly lock: WeakRef<object> } {
  const { token } = grant.lock;
  const lock = new WeakRef<object>(grant.lock);
  Object.assign(grant, { lock: undefined });
  return { token, lock };
}
