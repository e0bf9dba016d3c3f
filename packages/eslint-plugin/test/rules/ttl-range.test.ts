import { inFunction, testRule } from "../support/rule-tester.ts";

const long = [{ messageId: "long" }];

testRule("ttl-range", {
  valid: [
    inFunction(`await redlock.using("a", { ttl: 10_000, wait: 5_000 }, work);`),
    inFunction(`await redlock.using("a", { ttl: 300_000 }, work);`),
    inFunction(`await redlock.using("a", { ttl: 100, wait: 100 }, work);`),
    inFunction(`await redlock.using("a", { wait: 0 }, work);`),
    inFunction(`await redlock.using("a", { wait: Infinity }, work);`),
    inFunction(`await redlock.using("a", { wait: 3_600_000 }, work);`),
    inFunction(`await redlock.using("a", { ttl: x }, work);`),
    inFunction(`await redlock.using("a", { ttl: x * 10 }, work);`),
    inFunction(`await redlock.acquire("a", ...x);`),
    inFunction(`const lock = await redlock.acquire("a"); await lock.extend(20_000);`),
    inFunction(`const lock = await redlock.acquire("a"); await lock.extend();`),
    `import { Redlock } from "quorumlock"; new Redlock([], { ttl: 60_000 }); Redlock.memory({ ttl: 1_000 });`,
    // These ttls are of other things.
    `import { Redlock } from "quorumlock"; import { cached } from "quorumlock/patterns"; cached(new Redlock([]), store, { ttl: 86_400_000 }); cache.set("a", 1, { ttl: 10 });`,
    `import NodeCache from "node-cache"; const redlock = new NodeCache(); redlock.using("a", { ttl: 10 });`,
    // Tests use short times on purpose.
    { code: inFunction(`await redlock.using("a", { ttl: 10, wait: 5 }, work);`), filename: "test/a.js" },
    {
      code: `const { Redlock } = require("quorumlock"); test("a", async () => { await Redlock.memory().acquire("a", { wait: 10 }); });`,
    },
    { code: inFunction(`await redlock.using("a", { ttl: 600_000 }, work);`), options: [{ maxTtl: 900_000 }] },
    { code: inFunction(`await redlock.using("a", { ttl: 50, wait: 20 }, work);`), options: [{ minTtl: 20 }] },
    // A short wait is an attempt that gives up soon.
    inFunction(`await redlock.using("a", { wait: 50 }, work);`),
  ],
  invalid: [
    {
      code: inFunction(`await redlock.using("a", { ttl: 30 }, work);`),
      errors: [
        {
          message: "ttl 30 is 30 ms. If seconds were meant, write 30_000.",
          suggestions: [
            {
              desc: "Write 30_000, which is 30 s.",
              output: inFunction(`await redlock.using("a", { ttl: 30_000 }, work);`),
            },
          ],
        },
      ],
    },
    {
      code: inFunction(`await redlock.acquire("a", { wait: 5 });`),
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: inFunction(`await redlock.acquire("a", { "ttl": 60 });`),
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: inFunction(`const options = { ttl: 10 }; await redlock.tryAcquire("a", options);`),
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: inFunction(`const TTL = 10; await redlock.tryUsing("a", { ttl: TTL }, work);`),
      errors: [{ messageId: "short" }],
    },
    {
      code: inFunction(`await redlock.acquire("a", { wait: 60 });`),
      options: [{ minWait: 100 }],
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: inFunction(`await redlock.using("a", { ttl: 3_600_000 }, work);`),
      errors: [
        {
          message:
            "ttl 3_600_000 ms is 60 minutes. A holder that died keeps all others out for that time. A lock extends itself, so use at most 300_000 ms, and split long work into parts.",
        },
      ],
    },
    { code: inFunction(`await redlock.using("a", { ttl: 60 * 60 * 1000 }, work);`), errors: long },
    {
      code: inFunction(`const HOUR = 60 * 60_000; await redlock.mutex("a").using({ ttl: 3 * HOUR }, work);`),
      errors: long,
    },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); await lock.extend(30); await lock.release();`,
      ),
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: `import { Redlock } from "quorumlock"; new Redlock([], { ttl: 10 });`,
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: `import { Redlock } from "quorumlock"; const locks = Redlock.memory({ ttl: 86_400_000 });`,
      errors: long,
    },
    {
      code: `import Redlock from "quorumlock/compat/redlock"; const locks = new Redlock([]); locks.acquire(["a"], 10);`,
      errors: [{ messageId: "short", suggestions: 1 }],
    },
    {
      code: inFunction(`await redlock.using("a", { ttl: 20_000 }, work);`),
      options: [{ maxTtl: 10_000 }],
      errors: long,
    },
  ],
  typescript: {
    valid: [
      inFunction(`await redlock.using("a", { ttl: 10_000 as number }, work);`),
      `import { UseLock } from "@quorumlock/nestjs"; class A { @UseLock("a", { ttl: 30_000 }) async f() {} }`,
      `import { UseLock } from "./our-decorators.js"; class A { @UseLock("a", { ttl: 30 }) async f() {} }`,
    ],
    invalid: [
      {
        code: `import { UseLock } from "@quorumlock/nestjs"; class A { @UseLock("a", { ttl: 30, wait: 5 }) async f() {} }`,
        errors: [
          { messageId: "short", suggestions: 1 },
          { messageId: "short", suggestions: 1 },
        ],
      },
      {
        code: `import { QuorumlockModule } from "@quorumlock/nestjs"; @Module({ imports: [QuorumlockModule.forRoot({ instances, ttl: 30 })] }) class A {}`,
        errors: [{ messageId: "short", suggestions: 1 }],
      },
      {
        code: inFunction(`await redlock.using("a", { ttl: 10 } satisfies AcquireOptions, work);`),
        errors: [{ messageId: "short", suggestions: 1 }],
      },
    ],
  },
});
