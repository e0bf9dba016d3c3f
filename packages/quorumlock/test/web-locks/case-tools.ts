import assert from "node:assert/strict";

/** The part of `navigator.locks` that the cases use. */
export interface Locks {
  request(...given: readonly unknown[]): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly Info[]; readonly pending?: readonly Info[] }>;
}

interface Info {
  readonly name?: string;
  readonly mode?: string;
  readonly clientId?: string;
}

/** A held lock, as a callback gets it. */
export interface Granted {
  readonly name: string;
  readonly mode: string;
}

/** One case of the standard. It uses names of its own. */
export interface Case {
  readonly title: string;
  run(locks: Locks, name: string): Promise<void>;
}

/** A request whose callback the case ends. */
export class Request {
  /** The order of grants is the order of the calls of the callback. */
  readonly granted: Promise<Granted | null>;
  /** The promise of the request. It has a handler, so a case can ignore its rejection. */
  readonly done: Promise<unknown>;
  isGranted = false;
  /** Ends the callback with this value. */
  release!: (value?: unknown) => void;
  /** Ends the callback with this error. */
  fail!: (error: unknown) => void;

  constructor(locks: Locks, name: string, options: object = {}) {
    let onGranted!: (lock: Granted | null) => void;
    this.granted = new Promise((resolve) => (onGranted = resolve));
    const held = new Promise((resolve, reject) => {
      this.release = resolve;
      this.fail = reject;
    });
    this.done = locks.request(name, options, (lock: Granted | null) => {
      this.isGranted = true;
      onGranted(lock);
      return held;
    });
    this.done.catch(() => undefined);
  }
}

/** Waits until the condition is true. The limit only catches a hang. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; !(await isSo());) {
    assert(performance.now() < end, `not within 60 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The state of the names that begin with `name`, in the order of the lists. */
export async function stateOf(
  locks: Locks,
  name: string,
): Promise<{ readonly held: readonly Info[]; readonly pending: readonly Info[] }> {
  const { held = [], pending = [] } = await locks.query();
  const isOfCase = (info: Info): boolean => info.name?.startsWith(name) === true;
  return { held: held.filter(isOfCase), pending: pending.filter(isOfCase) };
}

/** The modes of the holders, and of those that wait. */
export async function modesOf(locks: Locks, name: string): Promise<readonly [held: string, pending: string]> {
  const { held, pending } = await stateOf(locks, name);
  const text = (infos: readonly Info[]): string => infos.map(({ mode }) => mode).join(" ");
  return [text(held), text(pending)];
}

/** Asserts that the promise rejects with an error of this name. */
export async function rejectsAs(errorName: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, { name: errorName });
}

/** Asserts that the promise rejects with exactly this value. */
export async function rejectsWith(reason: unknown, promise: Promise<unknown>): Promise<void> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  assert.deepEqual(Object.keys(outcome), ["thrown"]);
  assert.equal((outcome as { readonly thrown: unknown }).thrown, reason);
}

export function neverCalled(): never {
  throw new Error("the callback must not be called");
}
