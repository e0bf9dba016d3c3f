import type { LockKind, Occupant } from "../../src/operations/kind.ts";
import { mutexKind } from "../../src/operations/mutex.ts";

/** What an attempt asks for: one of the places of a name. */
interface AnyOf {
  readonly name: string;
  readonly places: number;
  readonly place: number;
}

/**
 * A small kind of lock: any of several places. It shows that rounds, waiting, extension and the local queue know a lock only by
 * its kind. It is no semaphore for production: two clients that try different places on different members only back off.
 */
export const anyOfKind: LockKind<AnyOf> = {
  label: "semaphore",
  names: ({ name }) => [name],
  split: (target) => [target],
  channels: ({ name, places }, prefix) =>
    mutexKind.channels(
      Array.from({ length: places }, (_, place) => placeName(name, place)),
      prefix,
    ),
  acquire: (target, owner, ttlMs, waiter) => mutexKind.acquire(keyNames(target), owner, ttlMs, waiter),
  commit: (target, owner, fence) => mutexKind.commit(keyNames(target), owner, fence),
  extend: (target, owner, ttlMs) => mutexKind.extend(keyNames(target), owner, ttlMs),
  release: (target, owner, waiter) => mutexKind.release(keyNames(target), owner, waiter),
  leave: ({ name, places }, prefix, waiter) =>
    Array.from(
      { length: places },
      (_, place) => mutexKind.leave([placeName(name, place)], prefix, waiter)[0]!,
    ),
  obstacle: (refusal) => mutexKind.obstacle(refusal),
  alternative: (target, refusals) =>
    refusals.length > 0 && target.place + 1 < target.places
      ? { ...target, place: target.place + 1 }
      : undefined,
  admits: ({ places }, _name, others: Iterable<Occupant>) => [...others].length < places,
};

function placeName(name: string, place: number): string {
  return `${name}#${place}`;
}

/** What the mutex is asked to lock. */
function keyNames({ name, place }: AnyOf): readonly string[] {
  return [placeName(name, place)];
}
