import type { OnModuleInit } from "@nestjs/common";
import type { ModulesContainer } from "@nestjs/core";
import { type LockedMethod, lockableOf } from "./locked-method.ts";
import type { LockRunner } from "./lock-runner.ts";
import { RunnerGroup } from "./runner-group.ts";
import { lockedMethodOf, missingRunner, runnerKey } from "./use-lock.ts";

/** What `@Sse()` of Nest leaves with a method. */
const SSE = "__sse__";

/** Refuses methods with `@UseLock` that cannot work, when all objects of the application are made and before it listens. */
export class StartupCheck implements OnModuleInit {
  readonly #modules: ModulesContainer;

  constructor(modules: ModulesContainer) {
    this.#modules = modules;
  }

  /**
   * @throws TypeError, RangeError that name the class and the method. The application does not start then, and Nest calls no more hooks, so
   * the clients are closed here.
   */
  async onModuleInit(): Promise<void> {
    try {
      this.#check();
    } catch (error) {
      await RunnerGroup.of(this.#modules).close();
      throw error;
    }
  }

  #check(): void {
    for (const { providers, controllers, injectables } of this.#modules.values()) {
      for (const wrapper of [...providers.values(), ...controllers.values(), ...injectables.values()]) {
        const instance: unknown = wrapper.instance;
        if (typeof instance !== "object" || instance === null) continue;
        // Nest makes objects of a request later. For now there is an empty one with the same methods.
        const isMade = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
        for (const method of methodsOf(instance)) checkMethod(method, instance, isMade);
      }
    }
  }
}

interface FoundMethod {
  readonly method: LockedMethod;
  /** Whether a property of the object itself is called instead, as in the stub of a test. */
  readonly isHidden: boolean;
  readonly isEventStream: boolean;
}

function checkMethod(
  { method, isHidden, isEventStream }: FoundMethod,
  instance: object,
  isMade: boolean,
): void {
  const { where, key, options } = method;
  if (isEventStream)
    throw new TypeError(
      `${where}: a method with @Sse() returns before it sends its events, so they would come after the release of the lock; ` +
        "take the lock where the events are made",
    );
  if (!isMade) return;
  const runner = (instance as { readonly [property: symbol]: LockRunner | undefined })[
    runnerKey(options.client)
  ];
  if (runner === undefined && isHidden) return;
  if (runner === undefined) throw new TypeError(`${where}: ${missingRunner(instance)}`);
  // It makes a lock without acquiring it. A function needs arguments, so its keys are checked at each call.
  if (typeof key !== "function") lockableOf(method, runner.redlock, instance, []);
}

/** The decorated methods of an object, without those that a subclass has replaced. It reads no property of the object. */
function methodsOf(instance: object): readonly FoundMethod[] {
  const seen = new Set<string | symbol>();
  const found: FoundMethod[] = [];
  for (let prototype: unknown = Object.getPrototypeOf(instance); prototype !== Object.prototype;) {
    if (typeof prototype !== "object" || prototype === null) break;
    for (const name of Reflect.ownKeys(prototype)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      const method = lockedMethodOf(value);
      if (method !== undefined)
        found.push({
          method,
          isHidden: isReplaced(instance, name),
          isEventStream: Reflect.getMetadata(SSE, value as object) === true,
        });
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
}

/** Whether the object has another function instead of the method, as test doubles have. The method bound to the object is the same one. */
function isReplaced(instance: object, name: string | symbol): boolean {
  const own: unknown = Object.getOwnPropertyDescriptor(instance, name)?.value;
  if (typeof own === "function") return own.name !== `bound ${String(name)}`;
  return Object.hasOwn(instance, name);
}
