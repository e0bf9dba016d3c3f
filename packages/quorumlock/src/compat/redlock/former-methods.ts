/** What replaces the methods of `redlock` 4. */
export const FORMER_METHODS = {
  lock: "`acquire([resource], duration)`",
  unlock: "`release(lock)`",
  lockWithOptions: "`acquire([resource], duration, settings)`",
  acquireWithOptions: "`acquire([resource], duration, settings)`",
  disposer: "`using([resource], duration, routine)`",
} as const;

/** What replaces the properties of the class of `redlock` 4. */
export const FORMER_STATICS = {
  LockError: "`ExecutionError` of this module",
  Lock: "`Lock` of this module",
} as const;

export const FORMER_LOCK_METHODS = { unlock: "`release()`" } as const;

/** Gives a class the methods of `redlock` 4. They throw an error that names the replacement. */
export function refuseFormerMethods(prototype: object, methods: Readonly<Record<string, string>>): void {
  for (const [name, instead] of Object.entries(methods)) {
    const value = (): never => {
      throw new TypeError(`${name}: this method was of redlock 4; call ${instead}`);
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}

/** Gives a class the properties of `redlock` 4. Reading one throws an error that names the replacement. */
export function refuseFormerStatics(target: object, properties: Readonly<Record<string, string>>): void {
  for (const [name, instead] of Object.entries(properties)) {
    const get = (): never => {
      throw new TypeError(`Redlock.${name}: this property was of redlock 4; import ${instead}`);
    };
    Object.defineProperty(target, name, { get, configurable: true });
  }
}

/** @throws TypeError if the caller of a method passes a callback. */
export function refuseCallback(method: string, rest: readonly unknown[]): void {
  if (rest.some((value) => typeof value === "function"))
    throw new TypeError(`${method}: callbacks were of redlock 4; await the promise of \`${method}\` instead`);
}

/** @throws TypeError for a listener of an event of `redlock` 4. */
export function refuseFormerEvent(event: unknown): void {
  if (event === "clientError")
    throw new TypeError('clientError: this event was of redlock 4; listen to "error" instead');
}
