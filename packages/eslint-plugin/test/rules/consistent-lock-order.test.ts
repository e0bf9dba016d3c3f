import { inFunction, testRule } from "../support/rule-tester.ts";

const both = [{ messageId: "order" }, { messageId: "order" }];

testRule("consistent-lock-order", {
  valid: [
    inFunction(
      `await redlock.using("a", () => redlock.using("b", work)); await redlock.using("a", () => redlock.using("b", other));`,
    ),
    inFunction(
      `await redlock.using("a", work); await redlock.using("b", work); await redlock.using("a", work);`,
    ),
    inFunction(`await redlock.using(["a", "b"], work); await redlock.using(["b", "a"], work);`),
    // Without waiting there is no deadlock.
    inFunction(
      `await redlock.using("a", () => redlock.using("b", work)); await redlock.using("b", () => redlock.tryUsing("a", work));`,
    ),
    // Readers do not exclude each other.
    inFunction(
      `const a = redlock.readWrite("a").read; await a.using(() => redlock.using("b", work)); await redlock.using("b", () => a.using(work));`,
    ),
    inFunction(
      `const one = await redlock.acquire("a"); await one.release(); const two = await redlock.acquire("b"); await two.release(); const three = await redlock.acquire("a"); await three.release();`,
    ),
    inFunction(
      "const [first, second] = [x.from, x.to].sort(); await redlock.using(`account:${first}`, () => redlock.using(`account:${second}`, work));",
    ),
    inFunction(
      "const low = x.a < x.b ? x.a : x.b; const high = x.a < x.b ? x.b : x.a; await redlock.using(`account:${low}`, () => redlock.using(`account:${high}`, work));",
    ),
    inFunction("await redlock.using(`account:${x.id}`, () => redlock.using(`order:${x.order}`, work));"),
    inFunction("await redlock.using(`account:${x.id}`, () => redlock.using(`account:${x.id}`, work));"),
    inFunction(
      `await redlock.using(x.a, () => redlock.using(x.b, work)); await redlock.using(x.b, () => redlock.using(x.a, work));`,
    ),
    inFunction(
      `await redlock.using("a", () => queue.on("job", () => redlock.using("b", work))); await redlock.using("b", () => redlock.using("a", work));`,
    ),
    {
      code: inFunction(
        "await redlock.using(`account:${x.from}`, () => redlock.using(`account:${x.to}`, work));",
      ),
      options: [{ templates: false }],
    },
    `import { Mutex } from "async-mutex"; const m = new Mutex(); m.using("a", () => m.using("b", w)); m.using("b", () => m.using("a", w));`,
  ],
  invalid: [
    {
      code: inFunction(
        `await redlock.using("stock", async () => {\nawait redlock.using("order", work);\n});\nawait redlock.using("order", async () => {\nawait redlock.using("stock", work);\n});`,
      ),
      errors: [
        {
          line: 5,
          message:
            'Here "order" is acquired under "stock", and in line 8 it is the other way around. Two callers can wait for each other until one times out. Acquire both at once: acquire(["stock", "order"]).',
        },
        { messageId: "order", line: 8 },
      ],
    },
    {
      code:
        inFunction(
          `await using a = await redlock.acquire("a"); await using b = await redlock.acquire("b");`,
        ) +
        inFunction(
          `await using b = await redlock.acquire("b"); await using a = await redlock.acquire("a");`,
        ).replace(/^[^]*?async function f/, "\nasync function g"),
      errors: both,
    },
    {
      code: inFunction(
        `const a = await redlock.acquire("a"); try { const b = await redlock.acquire("b"); try { await work(); } finally { await b.release(); } } finally { await a.release(); } await redlock.using("b", () => redlock.using("a", work));`,
      ),
      errors: both,
    },
    {
      code: inFunction(
        `const A = "a"; const b = redlock.mutex("b"); await redlock.using(A, () => b.using(work)); await b.using(() => redlock.using(A, work));`,
      ),
      errors: both,
    },
    {
      code: inFunction(
        `await redlock.using(["a", "c"], () => redlock.using("b", work)); await redlock.using("b", () => redlock.using("c", work));`,
      ),
      errors: both,
    },
    {
      code: inFunction(
        "await redlock.using(`user:${x.id}`, () => redlock.using(`order:${x.order}`, work)); await redlock.using(`order:${x.order}`, () => redlock.using(`user:${x.id}`, work));",
      ),
      errors: both,
    },
    {
      code: inFunction(
        `await redlock.readWrite("a").write.using(() => redlock.fair("b").using(work)); await redlock.using("b", () => redlock.using("a", work));`,
      ),
      errors: both,
    },
    {
      code: inFunction(
        "await redlock.using(`account:${x.from}`, () => redlock.using(`account:${x.to}`, work));",
      ),
      errors: [{ messageId: "template" }],
    },
    {
      code: inFunction(
        'await redlock.using("account:" + x.from, () => redlock.using("account:" + x.to, work));',
      ),
      errors: [{ messageId: "template" }],
    },
  ],
});
