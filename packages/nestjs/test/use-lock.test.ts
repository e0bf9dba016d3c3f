import { Readable } from "node:stream";
import { Injectable, Scope, SetMetadata, StreamableFile } from "@nestjs/common";
import { LockClosedError, LockReentrantError, LockTimeoutError, type PermitLock, Redlock } from "quorumlock";
import { of } from "rxjs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { currentLock, InjectRedlock, QuorumlockModule, UseLock } from "../src/index.ts";
import { gate, memoryModule, startModule, startProvider } from "./support/apps.ts";

// What the decorator does to a method, on a client in memory.

@Injectable()
class Orders {
  @InjectRedlock() readonly redlock!: Redlock;
  readonly greeting = "paid";

  @UseLock((order: number) => `order:${order}`)
  async pay(_order: number, amount: number): Promise<string> {
    const { names, isHeld, signal, fence } = currentLock();
    expect({ isHeld, isAborted: signal.aborted, hasFence: fence > 0 }).toEqual({
      isHeld: true,
      isAborted: false,
      hasFence: true,
    });
    return `${this.greeting} ${amount} for ${names.join()}`;
  }

  @UseLock(["b", "a"])
  async both(): Promise<readonly string[]> {
    await Promise.resolve();
    return currentLock().names;
  }

  @UseLock(function (this: Orders, suffix: string) {
    return [`${this.greeting}:1`, `${this.greeting}:${suffix}`];
  })
  async ofThis(_suffix: string): Promise<readonly string[]> {
    return currentLock().names;
  }

  @UseLock("failing")
  async fail(): Promise<never> {
    throw new Error("the order does not exist");
  }

  @UseLock("outer")
  async nested(): Promise<readonly string[]> {
    const [inner] = await this.both();
    return [inner!, ...currentLock().names];
  }

  @UseLock("busy", { wait: 0 })
  async once(work: () => Promise<void>): Promise<string> {
    await work();
    return "done";
  }

  @UseLock("skipped", { onBusy: "skip" })
  async skipped(work: () => Promise<void>): Promise<string | undefined> {
    await work();
    return "done";
  }

  @UseLock("skipped", { onBusy: "skip" })
  async failsBusy(): Promise<string> {
    throw new LockTimeoutError(["another"], 1, undefined, []);
  }

  @UseLock("export", { kind: (redlock, key) => redlock.semaphore(key, { permits: 2 }), wait: 0 })
  async export(work: () => Promise<void>): Promise<readonly number[]> {
    await work();
    return currentLock<PermitLock>().slots;
  }

  @UseLock("stream")
  async observe(): Promise<unknown> {
    return of(1);
  }

  @UseLock("stream")
  async give<T>(result: T): Promise<T> {
    return result;
  }
}

test("a method runs under the lock of its arguments, with its object and its result", async () => {
  const orders = await startProvider(Orders);
  const released = vi.fn<(event: { readonly names: readonly string[] }) => void>();
  orders.redlock.on("lock:released", released);
  expect(await orders.pay(42, 100)).toBe("paid 100 for order:42");
  expect(released.mock.calls.map(([{ names }]) => names)).toEqual([["order:42"]]);
  expect(await orders.ofThis("2")).toEqual(["paid:1", "paid:2"]);
});

test("several names are locked at once, and the innermost lock is the current one", async () => {
  const orders = await startProvider(Orders);
  expect(await orders.both()).toEqual(["a", "b"]);
  expect(await orders.nested()).toEqual(["a", "outer"]);
  expect(() => currentLock()).toThrow("no method with @UseLock is running here");
});

test("the lock is released if the method fails, and the error is that of the method", async () => {
  const orders = await startProvider(Orders);
  await expect(orders.fail()).rejects.toThrow("the order does not exist");
  expect((await orders.redlock.query("failing")).isHeld).toBe(false);
});

test("calls with the same key run one after another, and those with another key do not wait", async () => {
  const orders = await startProvider(Orders);
  const [started, finish] = [gate(), gate()];
  const first = orders.once(async () => {
    started.open();
    await finish.opened;
  });
  await started.opened;
  await expect(orders.once(async () => undefined)).rejects.toBeInstanceOf(LockTimeoutError);
  expect(await orders.pay(1, 1)).toBe("paid 1 for order:1");
  finish.open();
  expect(await first).toBe("done");
});

test("a call that skips resolves to undefined while others hold the lock, and throws the errors of the method", async () => {
  const orders = await startProvider(Orders);
  const [started, finish] = [gate(), gate()];
  const first = orders.skipped(async () => {
    started.open();
    await finish.opened;
  });
  await started.opened;
  const work = vi.fn<() => Promise<void>>();
  expect(await orders.skipped(work)).toBeUndefined();
  expect(work).not.toHaveBeenCalled();
  finish.open();
  expect(await first).toBe("done");
  await expect(orders.failsBusy()).rejects.toBeInstanceOf(LockTimeoutError);
});

test("a call that skips retries if callers split the votes, with an end, and not after the shutdown began", async () => {
  let attempts = 0;
  const split = new LockTimeoutError(["split"], 0, undefined, []);
  const lockable = {
    using: async () => {
      attempts += 1;
      throw split;
    },
  };
  @Injectable()
  class Jobs {
    @UseLock("split", { kind: () => lockable as never, onBusy: "skip" })
    async run(): Promise<string | undefined> {
      return "ran";
    }
  }
  const random = vi.spyOn(Math, "random").mockImplementation(() => 0);
  onTestFinished(() => random.mockRestore());
  const app = await startModule({ imports: [memoryModule()], providers: [Jobs] });
  expect(split.isHeld).toBe(false);
  expect(await app.get(Jobs).run()).toBeUndefined();
  expect(attempts).toBe(8);

  random.mockImplementation(() => 3_600_000); // an hour or more, unless the shutdown ends it
  const call = app
    .get(Jobs)
    .run()
    .catch((error: unknown) => error);
  await app.close();
  expect(await call).toBeInstanceOf(LockClosedError);
});

test("work that a method does not await sees that its lock is released", async () => {
  const finish = gate();
  let later: Promise<boolean> | undefined;
  @Injectable()
  class Jobs {
    @UseLock("job")
    async run(): Promise<void> {
      later = finish.opened.then(() => currentLock().isHeld);
    }
  }
  await (await startProvider(Jobs)).run();
  finish.open();
  expect(await later).toBe(false);
});

test("another kind of lock is made by a function", async () => {
  const orders = await startProvider(Orders);
  const [started, finish] = [gate(), gate()];
  let running = 0;
  const work = async (): Promise<void> => {
    if ((running += 1) === 2) started.open();
    await finish.opened;
  };
  const two = Promise.all([orders.export(work), orders.export(work)]);
  await started.opened;
  await expect(orders.export(work)).rejects.toBeInstanceOf(LockTimeoutError);
  finish.open();
  expect((await two).flat().toSorted((x, y) => x - y)).toEqual([0, 1]);
});

test("a method that returns an Observable fails, because its work would run without the lock", async () => {
  const orders = await startProvider(Orders);
  await expect(orders.observe()).rejects.toThrow(/Orders\.observe: the method returned an Observable/);
});

test("a method that returns a generator or an asynchronous iterator fails, and one that returns a stream of bytes does not", async () => {
  const orders = await startProvider(Orders);
  const rows = async function* (): AsyncGenerator<number> {
    yield 1;
  };
  const numbers = function* (): Generator<number> {
    yield 1;
  };
  for (const items of [rows(), numbers()])
    await expect(orders.give(items)).rejects.toThrow(/Orders\.give: the method returned an iterator/);
  const streams = [Readable.from(["a"]), new Response("a").body, new StreamableFile(Buffer.from("a"))];
  for (const stream of streams) expect(await orders.give(stream)).toBe(stream);
  for (const other of [["a"], new Map(), "a", 1, null, undefined, {}])
    expect(await orders.give(other)).toBe(other);
});

test("a hundred calls that wait cause no warning, and all of them run", async () => {
  const orders = await startProvider(Orders);
  const warned = vi.spyOn(process, "emitWarning");
  let running = 0;
  let most = 0;
  @Injectable()
  class Counter {
    @UseLock("counter")
    async count(): Promise<void> {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
    }
  }
  const counter = await startProvider(Counter);
  await Promise.all(Array.from({ length: 100 }, () => counter.count()));
  expect(most).toBe(1);
  expect(warned).not.toHaveBeenCalled();
  expect(orders.redlock).toBeInstanceOf(Redlock);
  warned.mockRestore();
});

describe("other decorators", () => {
  const Tag = (name: string): MethodDecorator => SetMetadata(`tag:${name}`, name);

  class Tagged {
    @Tag("above")
    @UseLock("tagged")
    @Tag("below")
    async run(first: string, second: string): Promise<string> {
      return first + second;
    }
  }

  test("keep what they know of the method, above and below", async () => {
    const run = Reflect.get(Tagged.prototype, "run") as (...args: readonly string[]) => unknown;
    for (const name of ["above", "below"]) expect(Reflect.getMetadata(`tag:${name}`, run)).toBe(name);
    expect([run.name, run.length]).toEqual(["run", 2]);
    expect(Reflect.getMetadata("design:paramtypes", Tagged.prototype, "run")).toEqual([String, String]);
    const tagged = await startProvider(Tagged);
    expect(await tagged.run("a", "b")).toBe("ab");
  });
});

test("methods of a superclass are locked, and two decorators on one method take both locks", async () => {
  class Base {
    @UseLock("base")
    async inherited(): Promise<readonly string[]> {
      return currentLock().names;
    }
  }
  @Injectable()
  class Derived extends Base {
    @UseLock("first")
    @UseLock("second")
    async own(): Promise<readonly string[]> {
      const held = await Promise.all(["first", "second"].map((name) => this.redlock.query(name)));
      return [...currentLock().names, ...held.map(({ isHeld }) => String(isHeld))];
    }
    @InjectRedlock() readonly redlock!: Redlock;
  }
  const derived = await startProvider(Derived);
  expect(await derived.inherited()).toEqual(["base"]);
  expect(await derived.own()).toEqual(["second", "true", "true"]);
});

test("objects of a request, and several clients, get the right client", async () => {
  @Injectable({ scope: Scope.REQUEST })
  class PerRequest {
    @InjectRedlock("jobs") readonly jobs!: Redlock;
    @InjectRedlock() readonly redlock!: Redlock;

    @UseLock("job", { client: "jobs" })
    async job(): Promise<readonly boolean[]> {
      return Promise.all([this.jobs, this.redlock].map(async (client) => (await client.query("job")).isHeld));
    }
  }
  const app = await startModule({ imports: [memoryModule(), memoryModule("jobs")], providers: [PerRequest] });
  const object = await app.resolve(PerRequest);
  expect(await object.job()).toEqual([true, false]);
});

test("after the shutdown, calls are rejected", async () => {
  const app = await startModule({ imports: [memoryModule()], providers: [Orders] });
  const orders = app.get(Orders);
  await app.close();
  await expect(orders.pay(1, 1)).rejects.toBeInstanceOf(LockClosedError);
});

test("diagnostics find a call that waits for itself", async () => {
  @Injectable()
  class Jobs {
    @UseLock("itself")
    async outer(): Promise<void> {
      await this.inner();
    }
    @UseLock("itself", { wait: Infinity })
    async inner(): Promise<void> {}
  }
  const redlock = Redlock.memory({ diagnostics: true });
  const app = await startModule({ imports: [QuorumlockModule.forRoot({ redlock })], providers: [Jobs] });
  await expect(app.get(Jobs).outer()).rejects.toBeInstanceOf(LockReentrantError);
});
