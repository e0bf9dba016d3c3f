import type { Lockable } from "../lockable.ts";

/**
 * The result of a policy around a lockable of type `T`: the calls of a `Lockable`, with the options and the locks of `T`. So the lock of
 * a wrapped `readWrite(name).read` is a `ReadLock`, and a wrapped semaphore has the option `permits`. Other methods of `T` are not
 * there: call them on the lockable inside.
 */
export type Wrapped<T extends Lockable> = Pick<T, keyof Lockable>;
