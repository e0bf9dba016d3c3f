import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  Inject,
  Injectable,
  type LoggerService,
  Module,
  type OnApplicationShutdown,
} from "@nestjs/common";
import { LockClosedError, LockLostError, Redlock } from "quorumlock";
import { startRedisServers } from "quorumlock/testing";
import { afterAll, expect, test, vi } from "vitest";
import { currentLock, InjectRedlock, QuorumlockModule, UseLock } from "../src/index.ts";
import { gate, memoryModule, startHttp, startModule } from "./support/apps.ts";

// What a shutdown does to requests and methods that run, on real servers.

const servers = await startRedisServers(3);
afterAll(() => servers.stop());
const instances = servers.map(({ url }) => url);

/** The names that are locked, as another client sees them. */
async function held(...names: readonly string[]): Promise<readonly string[]> {
  await using observer = new Redlock(instances, { restartGuard: false });
  const states = await Promise.all(names.map((name) => observer.query(name)));
  return names.filter((_, index) => states[index]!.isHeld);
}

test("requests and methods that run come to their end, waits end at once, and then the locks are released", async () => {
  const started = gate();
  const finish = { request: gate(), job: gate() };
  const ended: string[] = [];
  let startedCount = 0;
  const run = async (name: "request" | "job"): Promise<string> => {
    if ((startedCount += 1) === 2) started.open();
    await finish[name].opened;
    expect(currentLock().isHeld).toBe(true);
    ended.push(name);
    return name;
  };
  @Controller()
  class Work {
    @Get("request")
    @UseLock("work:request")
    async request(): Promise<string> {
      return run("request");
    }
  }
  @Injectable()
  class Jobs {
    @InjectRedlock() readonly redlock!: Redlock;
    @UseLock("work:job", { wait: Infinity })
    async job(): Promise<string> {
      return run("job");
    }
  }
  const { app, get } = await startHttp({
    imports: [QuorumlockModule.forRoot({ instances, restartGuard: false })],
    controllers: [Work],
    providers: [Jobs],
  });
  const jobs = app.get(Jobs);
  const request = get("/request");
  const job = jobs.job();
  await started.opened;
  const waits = new Promise<void>((resolve) => void jobs.redlock.on("lock:wait:started", () => resolve()));
  const waiter = jobs.job().then(
    () => "acquired",
    (error: unknown) => {
      ended.push("waiter");
      return error;
    },
  );
  await waits;
  expect(await held("work:request", "work:job")).toHaveLength(2);

  const closed = app.close().then(() => ended.push("closed"));
  finish.request.open();
  expect(await request).toMatchObject({ status: 200, body: "request" });
  expect(await waiter).toBeInstanceOf(LockClosedError);
  finish.job.open();
  expect(await job).toBe("job");
  await closed;
  expect(ended).toEqual(["request", "waiter", "job", "closed"]);
  expect(await held("work:request", "work:job")).toEqual([]);
});

test("a method that waits for its lock is rejected when the requests are over, and one that runs can call others", async () => {
  const [started, finish] = [gate(), gate()];
  @Injectable()
  class Jobs {
    @InjectRedlock() readonly redlock!: Redlock;
    @UseLock("wait:job", { wait: Infinity })
    async job(): Promise<void> {}
    @UseLock("wait:outer")
    async outer(): Promise<string> {
      started.open();
      await finish.opened;
      return this.inner();
    }
    @UseLock("wait:inner")
    async inner(): Promise<string> {
      return currentLock().names.join();
    }
  }
  await using holder = new Redlock(instances, { restartGuard: false });
  await using lock = await holder.acquire("wait:job");
  const app = await startModule({
    imports: [QuorumlockModule.forRoot({ instances, restartGuard: false, shutdownTimeout: Infinity })],
    providers: [Jobs],
  });
  const jobs = app.get(Jobs);
  const waits = new Promise<void>((resolve) => void jobs.redlock.on("lock:wait:started", () => resolve()));
  const waiter = jobs.job().catch((error: unknown) => error);
  const outer = jobs.outer();
  await Promise.all([waits, started.opened]);
  const closed = app.close();
  expect(await waiter).toBeInstanceOf(LockClosedError);
  await expect(jobs.inner()).rejects.toBeInstanceOf(LockClosedError);
  finish.open();
  expect(await outer).toBe("wait:inner");
  await closed;
  expect(lock.isHeld).toBe(true);
});

test("after the time limit, the signal of the lock aborts, and the lock is released", async () => {
  const started = gate();
  @Injectable()
  class Jobs {
    @UseLock("endless:job", { wait: Infinity })
    async job(): Promise<string> {
      const { signal } = currentLock();
      started.open();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return "stopped by the signal";
    }
  }
  const warn = vi.fn<LoggerService["warn"]>();
  const app = await startModule({
    imports: [QuorumlockModule.forRoot({ instances, restartGuard: false, shutdownTimeout: 20 })],
    providers: [Jobs],
  });
  app.useLogger({ log: () => undefined, error: () => undefined, warn });
  const jobs = app.get(Jobs);
  const job = jobs.job().catch((error: unknown) => error);
  await started.opened;
  // A call that only waits does not run.
  const waiter = jobs.job().catch((error: unknown) => error);
  await app.close();
  expect(await waiter).toBeInstanceOf(LockClosedError);
  // The method came to its end, but a part of it may have run without the lock.
  expect(await job).toBeInstanceOf(LockLostError);
  expect(await held("endless:job")).toEqual([]);
  const warnings = warn.mock.calls.map(([message]) => String(message));
  expect(warnings.filter((text) => text.startsWith("methods with"))).toEqual([
    expect.stringMatching(/^methods with @UseLock that run 20 ms after the shutdown began: 1;/),
  ]);
});

test("events are logged to the logger of Nest", async () => {
  @Injectable()
  class Jobs {
    @UseLock("logged:job")
    async job(): Promise<void> {}
  }
  const lines: string[] = [];
  const log = (message: unknown, context: unknown): void => {
    if (context === "Quorumlock") lines.push(String(message));
  };
  const app = await startModule({
    imports: [
      QuorumlockModule.forRoot({ instances, restartGuard: false, log: { metadata: { service: "shop" } } }),
    ],
    providers: [Jobs],
  });
  app.useLogger({ log, warn: log, error: log });
  await app.get(Jobs).job();
  const job = lines.map((line) => line.split(" {")[0]).filter((line) => line?.endsWith('"logged:job"'));
  expect(job).toContain('lock_acquisition "logged:job"');
  expect(job.at(-1)).toBe('lock_release "logged:job"');
  for (const line of lines) expect(line).toContain('"service":"shop"');
});

test("the time limit also ends a hook that waits for a method that waits for its lock", async () => {
  @Injectable()
  class Jobs implements BeforeApplicationShutdown {
    error: unknown;
    @UseLock("hook:job", { wait: Infinity })
    async job(): Promise<void> {}
    async beforeApplicationShutdown(): Promise<void> {
      this.error = await this.job().catch((error: unknown) => error);
    }
  }
  await using holder = new Redlock(instances, { restartGuard: false });
  await using lock = await holder.acquire("hook:job");
  const app = await startModule({
    imports: [QuorumlockModule.forRoot({ instances, restartGuard: false, shutdownTimeout: 20 })],
    providers: [Jobs],
  });
  app.useLogger(false);
  await app.close();
  expect(app.get(Jobs).error).toBeInstanceOf(LockClosedError);
  expect(lock.isHeld).toBe(true);
});

test.each([
  ["calling", "called"],
  ["called", "calling"],
])("no client closes while a method of another one runs, in the order %s, %s", async (...order) => {
  const [started, finish] = [gate(), gate()];
  @Injectable()
  class Jobs {
    @UseLock("outer", { client: "calling" })
    async outer(): Promise<string> {
      started.open();
      await finish.opened;
      return this.inner();
    }
    @UseLock("inner", { client: "called" })
    async inner(): Promise<string> {
      return currentLock().names.join();
    }
  }
  const app = await startModule({ imports: order.map((name) => memoryModule(name)), providers: [Jobs] });
  const jobs = app.get(Jobs);
  const outer = jobs.outer();
  await started.opened;
  const closed = app.close();
  // From then on, the client would be closed if it did not wait.
  await expect.poll(() => jobs.inner().catch((error: unknown) => error)).toBeInstanceOf(LockClosedError);
  finish.open();
  expect(await outer).toBe("inner");
  await closed;
});

test("a lock of the client without the decorator is not waited for: its signal aborts", async () => {
  const app = await startModule({ imports: [memoryModule()] });
  const lock = await app.get(Redlock).acquire("plain");
  await app.close();
  expect(lock.signal.aborted).toBe(true);
});

test.each([
  ["both are global", true, true],
  ["only the module of the connections is global", true, false],
  ["neither is global", false, false],
])(
  "connections of a module that is imported before end after the methods, if %s",
  async (_, isDatabaseGlobal, isGlobal) => {
    const [started, finish] = [gate(), gate()];
    @Injectable()
    class Database implements OnApplicationShutdown {
      isOpen = true;
      onApplicationShutdown(): void {
        this.isOpen = false;
      }
    }
    @Module({})
    class DatabaseModule {}
    @Injectable()
    class Jobs {
      @Inject(Database) readonly database!: Database;
      @UseLock("outer")
      async outer(): Promise<boolean> {
        started.open();
        await finish.opened;
        return this.database.isOpen;
      }
      @UseLock("inner")
      async inner(): Promise<void> {}
    }
    const providers = [Database];
    const app = await startModule({
      imports: [
        { module: DatabaseModule, global: isDatabaseGlobal, providers, exports: providers },
        QuorumlockModule.forRoot({ redlock: Redlock.memory(), isGlobal }),
      ],
      providers: [Jobs],
    });
    const jobs = app.get(Jobs);
    const outer = jobs.outer();
    await started.opened;
    const closed = app.close();
    // From then on, the module waits for the method.
    await expect.poll(() => jobs.inner().catch((error: unknown) => error)).toBeInstanceOf(LockClosedError);
    finish.open();
    expect(await outer).toBe(true);
    await closed;
  },
);
