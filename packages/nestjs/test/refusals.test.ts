import { Controller, Injectable, Sse } from "@nestjs/common";
import { NEVER } from "rxjs";
import { Redlock } from "quorumlock";
import { describe, expect, test } from "vitest";
import { QuorumlockModule, UseLock, type UseLockOptions } from "../src/index.ts";
import { memoryModule, startError, startModule } from "./support/apps.ts";

// What cannot work is refused as early as possible, with an error that names the class, the method and the value.

/** Decorates a method as the compiler does, but without its types. */
function decorate(key: unknown, options: unknown = {}, property = "pay"): () => void {
  class Orders {
    static load(): void {}
    get total(): number {
      return 1;
    }
    async pay(): Promise<void> {}
    *list(): Generator<number> {
      yield 1;
    }
  }
  return () => {
    const target = property === "load" ? Orders : Orders.prototype;
    const descriptor = Object.getOwnPropertyDescriptor(target, property) as never;
    UseLock(key as string, options as UseLockOptions)(target, property, descriptor);
  };
}

describe("when the class is declared", () => {
  test.each([
    ["", 'the key is "", but a key must not be empty'],
    [undefined, "the key is undefined, but a key must be a string or an array of strings"],
    [null, "the key is null"],
    [42, "the key is 42, but a key must be a string or an array of strings; make a string of it"],
    [{ order: 42 }, "the key is an object (Object)"],
    [[], "the key is an empty array"],
    [["a", ""], 'the key is an array whose entry 1 is "", but a key must not be empty'],
    ["~wake", 'the key is "~wake", but names that begin with "~" are reserved'],
  ])("a fixed key of %j is refused", (key, message) => {
    expect(decorate(key)).toThrow(`@UseLock on Orders.pay: ${message}`);
  });

  test.each([
    [{ ttl: 0 }, "ttl: 0 must be a whole number"],
    [{ ttl: "10s" }, 'ttl: "10s" must be a whole number'],
    [{ wait: -1 }, "wait: -1 must be a number"],
    [{ wait: Number.NaN }, "wait: NaN must be a number"],
    [{ onBusy: "ignore" }, 'onBusy: "ignore" must be "throw" or "skip"'],
    [{ kind: "read" }, 'kind: "read" must be a function'],
    [{ client: "" }, 'client: "" must be a string'],
    [{ retryCount: 3 }, "retryCount: there is no such option; the options are client, ttl, wait"],
    ["10s", 'options: "10s" must be an object'],
  ])("options of %j are refused", (options, message) => {
    expect(decorate("order", options)).toThrow(`@UseLock on Orders.pay: ${message}`);
  });

  test.each([
    ["load", "a static method has no injected client"],
    ["total", "only a method can run under a lock"],
    ["list", "a generator would run after the release of the lock"],
  ])("%s is refused", (property, message) => {
    expect(decorate("order", {}, property)).toThrow(`@UseLock on Orders.${property}: ${message}`);
  });

  test("decorators of the language are refused, because Nest has the older ones", () => {
    const decorator = UseLock("order") as unknown as (value: unknown, context: object) => void;
    expect(() => decorator(async () => undefined, { kind: "method", name: "pay" })).toThrow(
      /experimentalDecorators/,
    );
  });
});

describe("when the application starts", () => {
  test("a class without a client is refused, and the error of Nest names both", async () => {
    @Injectable()
    class Orders {
      @UseLock("order", { client: "missing" })
      async pay(): Promise<void> {}
    }
    const error = await startError({ imports: [memoryModule()], providers: [Orders] });
    expect(error.message).toMatch(/Orders[^]*quorumlock:use-lock:missing/);
  });

  class Orders {
    @UseLock("order")
    async pay(): Promise<void> {}
  }

  test.each([
    ["useFactory", { provide: Orders, useFactory: () => new Orders() }],
    ["useValue", { provide: Orders, useValue: new Orders() }],
  ])("an object of %s is refused", async (_, provider) => {
    const error = await startError({ imports: [memoryModule()], providers: [provider] });
    expect(error.message).toMatch(/^@UseLock on Orders\.pay: no client was injected, because Nest did not/);
  });

  test("the stub of a test is accepted if it replaces the methods, and no getter of it runs", async () => {
    const stub = Object.create(Orders.prototype) as Orders;
    const provider = { provide: Orders, useValue: stub };
    const getter = (): never => {
      throw new Error("the getter ran");
    };
    Object.defineProperty(stub, "other", { get: getter, enumerable: true });
    const error = await startError({ imports: [memoryModule()], providers: [provider] });
    expect(error.message).toMatch(/^@UseLock on Orders\.pay: no client was injected/);
    // The same method, bound to its object.
    stub.pay = stub.pay.bind(stub);
    expect((await startError({ imports: [memoryModule()], providers: [provider] })).message).toBe(
      error.message,
    );
    stub.pay = async () => undefined;
    const app = await startModule({ imports: [memoryModule()], providers: [provider] });
    await app.get(Orders).pay();
  });

  test("a kind that makes no lock is refused, and one that cannot be made", async () => {
    class NoLock {
      @UseLock("report", { kind: (redlock, key) => redlock.readWrite(key) as never })
      async run(): Promise<void> {}
    }
    class BadLock {
      @UseLock("report", { kind: (redlock, key) => redlock.semaphore(key, { permits: 0 }) })
      async run(): Promise<void> {}
    }
    class TwoKeys {
      @UseLock(["a", "b"], { kind: (redlock, key) => redlock.readWrite(key).read })
      async run(): Promise<void> {}
    }
    const messageOf = async (provider: new () => object): Promise<string> =>
      (await startError({ imports: [memoryModule()], providers: [provider] })).message;
    expect(await messageOf(NoLock)).toMatch(
      /^@UseLock on NoLock\.run: the lock on "report" cannot be made: kind returned an object/,
    );
    expect(await messageOf(BadLock)).toMatch(/^@UseLock on BadLock\.run: .*permits: 0/);
    expect(await messageOf(TwoKeys)).toMatch(/^@UseLock on TwoKeys\.run: .*2 keys are too many/);
  });

  test("a method that streams events is refused", async () => {
    @Controller()
    class Events {
      @Sse("events")
      @UseLock("events")
      async events(): Promise<unknown> {
        return NEVER;
      }
    }
    const error = await startError({ imports: [memoryModule()], controllers: [Events] });
    expect(error.message).toMatch(/^@UseLock on Events\.events: a method with @Sse\(\)/);
  });
});

describe("when the method is called", () => {
  class Orders {
    @UseLock((key: unknown) => key as string)
    async pay(_key: unknown): Promise<void> {}
  }

  test.each([
    [undefined, "undefined, but a key must be a string"],
    [{ id: 1 }, "an object (Object), but a key must be a string"],
    [
      Promise.resolve("a"),
      "an object (Promise), but a key must be a string or an array of strings; a key function cannot be asynchronous",
    ],
    ["", '"", but a key must not be empty'],
    ["~records", '"~records", but names that begin with "~" are reserved'],
    [["a", undefined], "an array whose entry 1 is undefined"],
  ])("a key of %j is refused", async (key, message) => {
    const app = await startModule({ imports: [memoryModule()], providers: [Orders] });
    await expect(app.get(Orders).pay(key)).rejects.toThrow(
      `@UseLock on Orders.pay: the key function returned ${message}`,
    );
  });

  test.each([["x".repeat(2_000)], ["\uD800"], [["a", "a"]]])(
    "a name that the library refuses is refused with the method, %#",
    async (key) => {
      const app = await startModule({ imports: [memoryModule()], providers: [Orders] });
      const error = await app
        .get(Orders)
        .pay(key)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(
        /^@UseLock on Orders\.pay: the lock on ".*".* cannot be made: name/,
      );
      expect((error as Error).message.length).toBeLessThan(600);
    },
  );

  test("a very long key is refused without a long search for passwords, and those in it do not appear", async () => {
    const app = await startModule({ imports: [memoryModule()], providers: [Orders] });
    const refuse = (key: unknown): Promise<Error> =>
      app
        .get(Orders)
        .pay(key)
        .then(
          () => new Error("not refused"),
          (error: unknown) => error as Error,
        );
    for (const key of ["a".repeat(100_000), "a.".repeat(50_000), "~".repeat(100_000)])
      expect((await refuse(key)).message).toMatch(/^@UseLock on Orders\.pay: .*\(100000 characters\)/);
    const { message } = await refuse(`~redis://user:${"secret".repeat(1_000)}@host`);
    expect(message).toContain("redis://***@");
    expect(message).not.toContain("secret");
    const many = Array.from({ length: 500 }, (_, index) => `${index}:${"x".repeat(2_000)}`);
    expect((await refuse(many)).message).toContain("and 497 more cannot be made");
  });

  test("passwords in a key do not appear in the error", async () => {
    const app = await startModule({ imports: [memoryModule()], providers: [Orders] });
    await expect(app.get(Orders).pay(["redis://user:secret@host", ""])).rejects.not.toThrow(/secret/);
    await expect(app.get(Orders).pay("~redis://user:secret@host")).rejects.toThrow("***@host");
  });

  test("an object that Nest has not made, and a method without its object, say so", async () => {
    await expect(new Orders().pay("a")).rejects.toThrow(
      /^@UseLock on Orders\.pay: no client was injected, because Nest did not construct the object/,
    );
    const pay: (key: unknown) => Promise<void> = Reflect.get(new Orders(), "pay");
    await expect(pay("a")).rejects.toThrow(/called without its object \(this is undefined\)/);
  });
});

describe("the options of the module", () => {
  test.each([
    [{}, "instances: missing"],
    [{ instances: [], redlock: Redlock.memory() }, "redlock: it has its own instances"],
    [{ redlock: Redlock.memory(), ttl: 100 }, "ttl: a client in redlock has its own options"],
    [{ redlock: {} as Redlock }, "redlock: an object (Object) must be a Redlock"],
    [{ instances: ["redis://127.0.0.1:1"], retryCount: 3 }, "retryCount: there is no such option"],
  ])("%# are refused at startup", async (options, message) => {
    const error = await startError({ imports: [QuorumlockModule.forRoot(options)] });
    expect(error.message).toContain(message);
  });

  test.each([
    [{ shutdownTimeout: -1 }, "shutdownTimeout: -1 must be"],
    [{ log: "verbose" as never }, 'log: "verbose" must be'],
    [{ name: "" }, 'name: "" must be'],
    [{ isGlobal: 1 as never }, "isGlobal: 1 must be"],
  ])("%j are refused at once", (options, message) => {
    expect(() => QuorumlockModule.forRoot({ redlock: Redlock.memory(), ...options })).toThrow(message);
  });

  test("missing options are refused", () => {
    expect(() => QuorumlockModule.forRoot(undefined as never)).toThrow(
      "options: undefined must be an object",
    );
  });

  test("forRootAsync needs exactly one source, and options of the module beside it", async () => {
    expect(() => QuorumlockModule.forRootAsync({})).toThrow(
      "exactly one of useFactory, useClass and useExisting",
    );
    const error = await startError({
      imports: [
        QuorumlockModule.forRootAsync({
          useFactory: () => ({ redlock: Redlock.memory(), name: "a" }) as object,
        }),
      ],
    });
    expect(error.message).toContain("name: it belongs beside useFactory");
  });
});
