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
    inFunction(
      `await redlock.using("a", () => redlock.using("b", work)); await redlock.using("b", () => redlock.using("a", { wait: 0 }, work));`,
    ),
    `import { Redlock } from "quorumlock"; const redlock = new Redlock([], { wait: 0 }); redlock.using("a", () => redlock.using("b", work)); redlock.using("b", () => redlock.using("a", work));`,
    `import Redlock from "quorumlock/compat/redlock"; const redlock = new Redlock([]); async function f(ttl) { await redlock.using(["a"], ttl, () => redlock.using(["b"], ttl, { retryCount: 0 }, work)); await redlock.using(["b"], ttl, () => redlock.using(["a"], ttl, work)); }`,
    // Names of a tenant and of another client are other names.
    ...["redlock.tenant(x)", "other", "this.#other"].map(
      (client) =>
        `import { Redlock } from "quorumlock"; const redlock = new Redlock([]); const other = new Redlock([]); class A { #other = new Redlock([]); async f(x) { const t = ${client}; await redlock.using("a", () => t.using("b", work)); await redlock.using("b", () => redlock.using("a", work)); await t.using("a", () => redlock.using("b", work)); } }`,
    ),
    "import { Redlock } from 'quorumlock'; const redlock = new Redlock([]); async function f(x) { const t = redlock.tenant(x.name); await redlock.using(`account:${x.from}`, () => t.using(`account:${x.to}`, work)); }",
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
    // The values were put in order.
    ...[
      "if (from > to) [from, to] = [to, from];",
      "if (from.localeCompare(to) > 0) { const other = from; from = to; to = other; }",
      "from > to && ([from, to] = [to, from]);",
      "[from, to] = [from, to].sort();",
      "if (from > to) return f(to, from);",
      "if (!(from < to)) throw new RangeError(from);",
      "if (compareIds(from, to) > 0) return f(to, from);",
      "if (Number(from) > Number(to)) return f(to, from);",
      "if (this.ids.compare(from, to) === 1) return f(to, from);",
    ].map(
      (order) =>
        `import { Redlock } from "quorumlock"; const redlock = new Redlock([]); async function f(from, to) { ${order} await redlock.using(\`account:\${from}\`, () => redlock.using(\`account:\${to}\`, work)); }`,
    ),
    ...[
      "let first = from, second = to; if (first > second) { first = to; second = from; }",
      "const [first, second] = inOrder(from, to);",
      "const { first, second } = inOrder(from, to);",
      "const { first, second } = order(from, to);",
      "const { first, second } = pair(from, to);",
      "const first = order([from, to])[0]; const second = order([from, to])[1];",
      "const [first, second] = pair([from, to]);",
    ].map(
      (order) =>
        `import { Redlock } from "quorumlock"; const redlock = new Redlock([]); async function f(from, to) { ${order} await redlock.using(\`account:\${first}\`, () => redlock.using(\`account:\${second}\`, work)); }`,
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
    // Nothing has put the values in order.
    ...[
      "const [from, to] = await Promise.all([read(x.a), read(x.b)]);",
      "const { from, to } = x;",
      "const [from, to] = x.split('-');",
      "const { from, to } = x.order;",
      "const { from, to } = x; if (from.length > 3) return;",
      "let { from, to } = x; if (!from) from = 'main'; if (x.balance < x.amount) return;",
    ].map((start) => ({
      code: inFunction(
        `${start} await redlock.using(\`account:\${from}\`, () => redlock.using(\`account:\${to}\`, work));`,
      ),
      errors: [{ messageId: "template" }],
    })),
    // Two locks of one tenant, and one order of two clients against the other one.
    {
      code: inFunction(
        `const t = redlock.tenant(x); await t.using("a", () => t.using("b", work)); await redlock.tenant(x).using("b", () => t.mutex("a").using(work));`,
      ),
      errors: both,
    },
    {
      code: `import { redlock, other } from "./locks.js"; async function f() { const t = redlock.tenant("x"); await redlock.using("a", () => t.using("b", work)); await t.using("b", () => redlock.using("a", work)); }`,
      errors: [{ messageId: "orderOfClients" }, { messageId: "orderOfClients" }],
    },
    {
      code: `import { redlock } from "./locks.js"; class A { constructor(redlock) { this.redlock = redlock; } async f() { const own = this.redlock; await redlock.using("a", () => redlock.using("b", work)); await own.using("b", () => this.redlock.using("a", { wait: 100 }, work)); } }`,
      errors: both,
    },
  ],
});
