import { Inject } from "@nestjs/common";
import { describeValue } from "./describe-value.ts";
import { checkKeys } from "./lock-keys.ts";
import type { LockedMethod } from "./locked-method.ts";
import type { LockRunner } from "./lock-runner.ts";
import { runnerToken } from "./tokens.ts";
import { checkUseLockOptions, type LockKey, type UseLockOptions } from "./use-lock-options.ts";

/** The `LockedMethod` of a decorated function. A string, so that it is the same in both builds. */
const METHOD = "quorumlock:locked-method";
/** The clients whose runners are injected into a class. */
const CLIENTS = "quorumlock:clients";

/** A method that `@UseLock` accepts. */
// oxlint-disable-next-line typescript/no-explicit-any -- Only `any` accepts methods with parameters of any type.
type PromiseMethod = (...args: any[]) => Promise<any>;

/** Refuses a method that can be called with arguments that do not fit the key function. The method may have more parameters. */
type FitsKey<M extends PromiseMethod, Args extends readonly unknown[]> =
  // oxlint-disable-next-line typescript/no-explicit-any -- The other parameters can be of any type.
  Parameters<M> extends readonly [...Args, ...any[]]
    ? unknown
    : { readonly "the parameters of the key function do not fit those of the method": never };

/**
 * Runs a method of a provider or a controller under a lock of the injected client. The call waits for the lock, runs the method, releases
 * the lock, and then resolves. Meanwhile the lock extends itself. In the method, `currentLock()` is the lock.
 *
 * ```ts
 * @UseLock((order: number) => `order:${order}`, { wait: 2_000 })
 * async pay(order: number): Promise<string> {
 *   const { signal, fence } = currentLock();
 *   return this.bank.pay(order, fence, signal);
 * }
 * ```
 * The method becomes asynchronous. The types refuse one that returns no promise, and in JavaScript it returns a promise from then on.
 * Its name, its `this` and its metadata stay, so decorators of Nest can be above and below.
 *
 * @throws TypeError, RangeError when the class is declared, for a bad key or bad options, and for what cannot be locked: a static method, an
 * accessor, a generator. The error names the class, the method and the value.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- A fixed key fits methods with any arguments.
export function UseLock<Args extends readonly unknown[] = any[]>(
  key: LockKey<Args>,
  options: UseLockOptions = {},
): <M extends PromiseMethod>(
  target: object,
  property: string | symbol,
  descriptor: TypedPropertyDescriptor<M> & FitsKey<M, Args>,
) => void {
  return (target, property, descriptor) => {
    const body = checkTarget(target, property, descriptor);
    const where = placeOf(target, property);
    if (typeof key !== "function") checkKeys(where, "the key is", key);
    const method: LockedMethod = { where, key, options: { ...checkUseLockOptions(where, options) }, body };
    injectRunner(target, method.options.client);
    descriptor.value = lockedFunction(method) as unknown as NonNullable<typeof descriptor.value>;
  };
}

/** The method that a function stands for, if it is decorated. */
export function lockedMethodOf(value: unknown): LockedMethod | undefined {
  if (typeof value !== "function") return undefined;
  return Reflect.getOwnMetadata(METHOD, value) as LockedMethod | undefined;
}

/** The property of an object into which Nest injects the runner of a client. */
export function runnerKey(client: string | undefined): symbol {
  return Symbol.for(runnerToken(client));
}

function lockedFunction(method: LockedMethod): (...args: readonly unknown[]) => Promise<unknown> {
  const { where, body, options } = method;
  const key = runnerKey(options.client);
  const locked = async function (this: unknown, ...args: readonly unknown[]): Promise<unknown> {
    const runner = (this as { readonly [property: symbol]: LockRunner | undefined } | undefined)?.[key];
    if (runner === undefined) throw new TypeError(`${where}: ${missingRunner(this)}`);
    return runner.run(method, this, args);
  };
  // Nest and other libraries keep what they know of a method with its function, by its name and as metadata.
  for (const name of ["name", "length"] as const)
    Object.defineProperty(locked, name, { value: body[name], configurable: true });
  for (const name of Reflect.getOwnMetadataKeys(body))
    Reflect.defineMetadata(name, Reflect.getOwnMetadata(name, body), locked);
  Reflect.defineMetadata(METHOD, method, locked);
  return locked;
}

/** Why an object has no runner, and what to do. */
export function missingRunner(self: unknown): string {
  if (typeof self !== "object" || self === null)
    return `the method was called without its object (this is ${describeValue(self)}); call it as object.method(…), or bind it`;
  return (
    "no client was injected, because Nest did not construct the object; list the class itself as a provider or controller, " +
    "without useFactory, useValue or new, and import QuorumlockModule"
  );
}

/** Nest injects the runner as a property, so the constructor of the class stays as it is. Once for each client and class. */
function injectRunner(target: object, client: string | undefined): void {
  const known = (Reflect.getMetadata(CLIENTS, target.constructor) ?? []) as readonly symbol[];
  const key = runnerKey(client);
  if (known.includes(key)) return;
  Reflect.defineMetadata(CLIENTS, [...known, key], target.constructor);
  Inject(runnerToken(client))(target, key);
}

/** @returns the function of the method. @throws TypeError for what cannot run under a lock. */
function checkTarget(
  target: unknown,
  property: unknown,
  descriptor: PropertyDescriptor | undefined,
): LockedMethod["body"] {
  if (typeof property === "object" && property !== null && "kind" in property)
    throw new TypeError(
      '@UseLock: it needs the decorators of Nest; set "experimentalDecorators": true in tsconfig.json, as for all of Nest',
    );
  const where = placeOf(target, property);
  if (typeof target === "function")
    throw new TypeError(
      `${where}: a static method has no injected client; make it a method of a provider, or call redlock.using`,
    );
  const body: unknown = descriptor?.value;
  if (typeof body !== "function")
    throw new TypeError(`${where}: only a method can run under a lock, and this is no method`);
  if (/Generator/.test(Object.prototype.toString.call(body)))
    throw new TypeError(
      `${where}: a generator would run after the release of the lock; make it an async method that runs to its end`,
    );
  return body as LockedMethod["body"];
}

function placeOf(target: unknown, property: unknown): string {
  const owner =
    typeof target === "function" ? target.name : (target as object | null | undefined)?.constructor?.name;
  return `@UseLock on ${owner ?? "?"}.${String(property)}`;
}
