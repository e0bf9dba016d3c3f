import { Global, Inject, Injectable, Module } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { LockClosedError, MemoryInstance, Redlock } from "quorumlock";
import { describe, expect, test } from "vitest";
import {
  getRedlockToken,
  InjectRedlock,
  type QuorumlockModuleAsyncOptions,
  QuorumlockModule,
  type QuorumlockModuleOptions,
  type QuorumlockOptionsFactory,
  UseLock,
} from "../src/index.ts";
import { memoryModule, startError, startModule } from "./support/apps.ts";

// How the module provides its clients, in memory.

@Injectable()
class Orders {
  readonly byClass: Redlock;
  readonly byDecorator: Redlock;

  constructor(byClass: Redlock, @InjectRedlock() byDecorator: Redlock) {
    this.byClass = byClass;
    this.byDecorator = byDecorator;
  }

  @UseLock("order", { ttl: 1_000 })
  async pay(): Promise<boolean> {
    return (await this.byClass.query("order")).isHeld;
  }
}

test("forRoot provides the client by its class and by the decorator, with the options", async () => {
  const app = await startModule({
    imports: [QuorumlockModule.forRoot({ instances: [new MemoryInstance()], ttl: 5_000 })],
    providers: [Orders],
  });
  const { byClass, byDecorator } = app.get(Orders);
  expect(byClass).toBeInstanceOf(Redlock);
  expect(byDecorator).toBe(byClass);
  expect(await app.get(Orders).pay()).toBe(true);
  expect(await byClass.using("other", (lock) => lock.ttl)).toBe(5_000);
});

describe("forRootAsync", () => {
  @Injectable()
  class Config implements QuorumlockOptionsFactory {
    readonly owner = "from the configuration";
    async createQuorumlockOptions(): Promise<QuorumlockModuleOptions> {
      return { instances: [new MemoryInstance()], owner: this.owner };
    }
  }
  @Module({ providers: [Config], exports: [Config] })
  class ConfigModule {}

  test.each<[string, QuorumlockModuleAsyncOptions]>([
    [
      "useFactory",
      {
        imports: [ConfigModule],
        inject: [Config],
        useFactory: (config: Config) => config.createQuorumlockOptions(),
      },
    ],
    ["useClass", { useClass: Config }],
    ["useExisting", { imports: [ConfigModule], useExisting: Config }],
  ])("%s makes the options", async (_, options) => {
    const app = await startModule({ imports: [QuorumlockModule.forRootAsync(options)], providers: [Orders] });
    const { byClass } = app.get(Orders);
    expect(await byClass.using("a", (lock) => lock.token)).toMatch(/@from the configuration$/);
  });

  test("useClass can need more providers", async () => {
    @Injectable()
    class WithNeeds implements QuorumlockOptionsFactory {
      readonly config: Config;
      constructor(@Inject(Config) config: Config) {
        this.config = config;
      }
      createQuorumlockOptions(): Promise<QuorumlockModuleOptions> {
        return this.config.createQuorumlockOptions();
      }
    }
    const module = QuorumlockModule.forRootAsync({ useClass: WithNeeds, extraProviders: [Config] });
    const app = await startModule({ imports: [module], providers: [Orders] });
    expect(await app.get(Orders).pay()).toBe(true);
  });
});

test("named clients are apart from each other and from the one without a name", async () => {
  @Injectable()
  class Clients {
    @InjectRedlock() readonly plain!: Redlock;
    @InjectRedlock("a") readonly a!: Redlock;
    @InjectRedlock("b") readonly b!: Redlock;
    @UseLock("name", { client: "b" })
    async run(): Promise<readonly boolean[]> {
      return Promise.all([this.plain, this.a, this.b].map(async (each) => (await each.query("name")).isHeld));
    }
  }
  const async = QuorumlockModule.forRootAsync({
    name: "b",
    useFactory: () => ({ redlock: Redlock.memory() }),
  });
  const app = await startModule({
    imports: [memoryModule(), memoryModule("a"), async],
    providers: [Clients],
  });
  const clients = app.get(Clients);
  expect(new Set([clients.plain, clients.a, clients.b]).size).toBe(3);
  expect(await clients.run()).toEqual([false, false, true]);
});

describe("a client is visible", () => {
  @Module({ providers: [Orders], exports: [Orders] })
  class OrdersModule {}
  @Global()
  @Module({})
  class Empty {}

  test("in all modules if it is global", async () => {
    const global = QuorumlockModule.forRoot({ redlock: Redlock.memory(), isGlobal: true });
    const app = await startModule({ imports: [global, OrdersModule, Empty] });
    expect(await app.get(Orders).pay()).toBe(true);
  });

  test("otherwise only where the module is imported", async () => {
    const local = QuorumlockModule.forRoot({ redlock: Redlock.memory() });
    const compiled = Test.createTestingModule({ imports: [local, OrdersModule] }).compile();
    await expect(compiled).rejects.toThrow(/can't resolve dependencies of the Orders/);
  });
});

test.each([undefined, "jobs"])("a test can override the client %s, also for @UseLock", async (name) => {
  @Injectable()
  class Jobs {
    @UseLock("job", { client: name })
    async run(): Promise<boolean> {
      return (await memory.query("job")).isHeld;
    }
  }
  const memory = Redlock.memory();
  const module = QuorumlockModule.forRoot({
    instances: ["redis://127.0.0.1:1"],
    ...(name !== undefined && { name }),
  });
  const app = await Test.createTestingModule({ imports: [module], providers: [Jobs] })
    .overrideProvider(getRedlockToken(name))
    .useValue(memory)
    .compile();
  await app.init();
  expect(await app.get(Jobs).run()).toBe(true);
  await app.close();
  await expect(memory.acquire("job")).rejects.toThrow(/closed/);
});

test("if the application does not start, its clients are closed", async () => {
  let client: Redlock | undefined;
  @Injectable()
  class Bad {
    @UseLock("report", { kind: () => undefined as never })
    async run(): Promise<void> {}
  }
  const spy = {
    provide: "spy",
    inject: [getRedlockToken()],
    useFactory: (redlock: Redlock) => (client = redlock),
  };
  const module = QuorumlockModule.forRoot({ instances: ["redis://127.0.0.1:1"] });
  const error = await startError({ imports: [module], providers: [spy, Bad] });
  expect(error.message).toMatch(/^@UseLock on Bad\.run/);
  await expect(client!.acquire("a")).rejects.toBeInstanceOf(LockClosedError);
});
