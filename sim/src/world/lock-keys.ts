import { resourceKeys } from "../library.ts";

/** What every key of the simulated clients begins with. */
export const PREFIX = "lock:";

/** The key of the fencing counter that `name` uses. */
export function counterKey(name: string): string {
  return resourceKeys(PREFIX, name).fence;
}

/** The key that holds the token of the holder of `name`. */
export function lockKey(name: string): string {
  return resourceKeys(PREFIX, name).lock;
}

/**
 * Whether a key holds a fencing counter: of one name (`lock:a:fence`), or of one hash slot (`lock:~fence:{tag}`). Only
 * these keys may stay on a server for good.
 */
export function isCounterKey(key: string): boolean {
  return key.endsWith(":fence") || key.startsWith(`${PREFIX}~fence:{`);
}

/** Whether a key holds the line of the waiters of a name: `lock:a:wake`, or `lock:~wake:{lock:a}`. */
export function isLineKey(key: string): boolean {
  return key.endsWith(":wake") || key.startsWith(`${PREFIX}~wake:`);
}
