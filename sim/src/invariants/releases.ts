import type { Request } from "../library.ts";
import type { Link } from "../world/link.ts";
import { canRenew, isRelease, lockKeysOf, tokenOf } from "../world/requests.ts";

/** The locks that clients released on each link. Later requests on the link must not renew them. */
export class Releases {
  /** By link: the locks, each with its token. */
  readonly #released = new Map<Link, Set<string>>();

  /** Returns what is wrong with a request that is sent; `undefined` if nothing is. A client library may send requests again. */
  onSent(link: Link, request: Request, isResent: boolean): string | undefined {
    const token = tokenOf(request);
    const locks = lockKeysOf(request).map((key) => `${token} ${key}`);
    if (isRelease(request)) {
      const released = this.#released.get(link) ?? new Set();
      this.#released.set(link, released);
      for (const lock of locks) released.add(lock);
      return undefined;
    }
    const released = isResent || !canRenew(request) ? undefined : this.#released.get(link);
    if (released === undefined || !locks.some((lock) => released.has(lock))) return undefined;
    return `${request.operation.name} of ${token} was sent to ${link.label} after its release`;
  }
}
