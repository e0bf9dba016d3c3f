import {
  type CallHandler,
  Controller,
  Get,
  type INestApplication,
  Injectable,
  Param,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import { APP_FILTER, HttpAdapterHost } from "@nestjs/core";
import { HealthCheck, HealthCheckService, TerminusModule } from "@nestjs/terminus";
import { Redlock } from "quorumlock";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  currentLock,
  InjectRedlock,
  LockExceptionFilter,
  QuorumlockModule,
  RedlockHealthIndicator,
  UseLock,
} from "../src/index.ts";
import { type Gate, gate, type HttpApp, startHttp, startModule } from "./support/apps.ts";

// Real applications over HTTP, on real servers.

let servers: RedisServers;
beforeAll(async () => {
  servers = await startRedisServers(3);
});
afterAll(() => servers.stop());

/** The time limit of a request only catches a hang, so that a pause of the machine is no answer of too few servers. */
const quorumlock = (list: RedisServers = servers, requestTimeout = 10_000) =>
  QuorumlockModule.forRoot({
    instances: list.map(({ url }) => url),
    restartGuard: false,
    ttl: 60_000,
    requestTimeout,
  });

/** What requests of a test do, and in which order. */
interface Scene {
  readonly started: Gate;
  readonly finish: Gate;
  readonly fences: number[];
  running: number;
  mostRunning: number;
}
const scenes = new Map<string, Scene>();
function newScene(id: string): Scene {
  const scene = { started: gate(), finish: gate(), fences: [], running: 0, mostRunning: 0 };
  scenes.set(id, scene);
  return scene;
}

async function work(id: string): Promise<number> {
  const scene = scenes.get(id)!;
  const { fence, signal } = currentLock();
  scene.fences.push(fence);
  scene.mostRunning = Math.max(scene.mostRunning, (scene.running += 1));
  scene.started.open();
  await scene.finish.opened;
  scene.running -= 1;
  signal.throwIfAborted();
  return fence;
}

@Controller("orders")
class OrdersController {
  @InjectRedlock() readonly redlock!: Redlock;

  @Get("pay/:id")
  @UseLock((id: string) => `order:${id}`, { wait: 60_000 })
  async pay(@Param("id") id: string): Promise<{ readonly fence: number }> {
    return { fence: await work(id) };
  }

  @UseLock((id: string) => `order:${id}`, { wait: 0 })
  @Get("try/:id")
  async try(@Param("id") id: string): Promise<{ readonly fence: number }> {
    return { fence: await work(id) };
  }
}

const filter = { provide: APP_FILTER, useClass: LockExceptionFilter };
const startOrders = (provider: object = filter): Promise<HttpApp> =>
  startHttp({ imports: [quorumlock()], controllers: [OrdersController], providers: [provider as never] });

/** Resolves when a caller of the application waits for a lock. */
function waiting(app: INestApplication): Promise<void> {
  return new Promise((resolve) => void app.get(Redlock).on("lock:wait:started", () => resolve()));
}

test("two applications exclude each other, and the fencing token grows", async () => {
  const [a, b] = await Promise.all([startOrders(), startOrders()]);
  const scene = newScene("1");
  const first = a.get("/orders/pay/1");
  await scene.started.opened;
  const waits = waiting(b.app);
  const second = b.get("/orders/pay/1");
  await waits;
  expect(scene.fences).toHaveLength(1);
  scene.finish.open();
  const answers = await Promise.all([first, second]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(scene.mostRunning).toBe(1);
  const [earlier, later] = scene.fences;
  expect(later).toBeGreaterThan(earlier!);
  expect(answers.map(({ body }) => body)).toEqual([{ fence: earlier }, { fence: later }]);
});

test("the lock of a controller is acquired after guards, interceptors and pipes", async () => {
  const isHeld = async (): Promise<boolean> => (await app.get(Redlock).query("staged")).isHeld;
  const held: [stage: string, isHeld: boolean][] = [];
  const see = async (stage: string): Promise<void> => void held.push([stage, await isHeld()]);
  const guard = { canActivate: () => see("guard").then(() => true) };
  const interceptor = {
    intercept: (_: unknown, next: CallHandler) => see("interceptor").then(() => next.handle()),
  };
  const pipe = { transform: (value: unknown) => see("pipe").then(() => value) };
  @Controller()
  class Staged {
    @Get("staged/:id")
    @UseGuards(guard)
    @UseInterceptors(interceptor)
    @UseLock("staged")
    async run(@Param("id", pipe) _id: string): Promise<void> {
      await see("method");
    }
  }
  const { app, get } = await startHttp({ imports: [quorumlock()], controllers: [Staged] });
  expect((await get("/staged/1")).status).toBe(200);
  expect(held).toEqual([
    ["guard", false],
    ["interceptor", false],
    ["pipe", false],
    ["method", true],
  ]);
});

test("a job that all processes start at the same time runs in exactly one of them", async () => {
  @Injectable()
  class Jobs {
    @UseLock((round: number) => `job:${round}`, { onBusy: "skip" })
    async run(_round: number, finish: Promise<void>): Promise<string | undefined> {
      await finish;
      return "ran";
    }
  }
  const module = { imports: [quorumlock()], providers: [Jobs] };
  const apps = await Promise.all(Array.from({ length: 4 }, () => startModule(module)));
  for (let round = 0; round < 5; round += 1) {
    const finish = gate();
    let skipped = 0;
    const run = async (jobs: Jobs): Promise<string | undefined> => {
      const result = await jobs.run(round, finish.opened);
      if (result === undefined && (skipped += 1) === apps.length - 1) finish.open();
      return result;
    };
    const results = await Promise.all(apps.map((app) => run(app.get(Jobs))));
    expect(results.filter((result) => result === "ran")).toHaveLength(1);
  }
});

describe("the exception filter", () => {
  test.each([
    [409, "Conflict", filter],
    [
      423,
      "Locked",
      {
        provide: APP_FILTER,
        useFactory: (host: HttpAdapterHost) => new LockExceptionFilter(host, { busyStatus: 423 }),
        inject: [HttpAdapterHost],
      },
    ],
  ])("answers %i if another request has the lock", async (statusCode, error, provider) => {
    const { get } = await startOrders(provider);
    const id = `busy-${statusCode}`;
    const scene = newScene(id);
    const first = get(`/orders/pay/${id}`);
    await scene.started.opened;
    expect(await get(`/orders/try/${id}`)).toEqual({
      status: statusCode,
      body: {
        statusCode,
        error,
        message: "the resource is locked; try again later",
        code: "LOCK_TIMEOUT",
      },
    });
    scene.finish.open();
    expect((await first).status).toBe(200);
  });

  test("answers 503 if too few servers answer, and Nest answers 500 without the filter", async () => {
    await using few = await startRedisServers(3);
    const module = { imports: [quorumlock(few, 500)], controllers: [OrdersController] };
    const [filtered, plain] = await Promise.all([
      startHttp({ ...module, providers: [filter] }),
      startHttp(module),
    ]);
    await Promise.all([few[0]!.kill(), few[1]!.kill()]);
    expect(await filtered.get("/orders/try/none")).toEqual({
      status: 503,
      body: {
        statusCode: 503,
        error: "Service Unavailable",
        message: "no lock can be granted now; try again later",
        code: "LOCK_NO_QUORUM",
      },
    });
    expect((await plain.get("/orders/try/none")).status).toBe(500);
  });

  test("refuses another status", () => {
    expect(() => new LockExceptionFilter({} as HttpAdapterHost, { busyStatus: 500 as 409 })).toThrow(
      "busyStatus: 500 must be 409 or 423",
    );
  });
});

describe("health", () => {
  @Controller("health")
  class HealthController {
    readonly health: HealthCheckService;
    readonly locks: RedlockHealthIndicator;

    constructor(health: HealthCheckService, locks: RedlockHealthIndicator) {
      this.health = health;
      this.locks = locks;
    }

    @Get()
    @HealthCheck()
    check(): Promise<unknown> {
      return this.health.check([() => this.locks.isHealthy("locks")]);
    }
  }

  test("is down when a majority of the servers is down", async () => {
    await using own = await startRedisServers(3);
    const { get } = await startHttp({
      imports: [quorumlock(own), TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
    });
    const up = { status: "up", voting: 3, quorum: 2, configured: 3, problems: [] };
    expect(await get("/health")).toMatchObject({ status: 200, body: { info: { locks: up } } });
    await own[0]!.kill();
    expect(await get("/health")).toMatchObject({
      status: 200,
      body: {
        info: { locks: { status: "up", voting: 2, problems: [{ state: expect.any(String) as string }] } },
      },
    });
    await own[1]!.kill();
    expect(await get("/health")).toMatchObject({
      status: 503,
      body: { status: "error", error: { locks: { status: "down", voting: 1, quorum: 2 } } },
    });
  });

  test("of a closed client is down, and another client can be checked", async () => {
    const redlock = Redlock.memory();
    expect(await new RedlockHealthIndicator().isHealthy("jobs", redlock)).toMatchObject({
      jobs: { status: "up" },
    });
    await redlock.close();
    const { jobs } = await new RedlockHealthIndicator(redlock).isHealthy("jobs");
    expect(jobs).toEqual({ status: "down", message: expect.stringContaining("closed") as string });
    await expect(new RedlockHealthIndicator().isHealthy("jobs")).rejects.toThrow(/^jobs: there is no client/);
  });
});
