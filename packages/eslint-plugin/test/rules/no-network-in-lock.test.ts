import { inFunction, testRule } from "../support/rule-tester.ts";

const network = [{ messageId: "network" }];

testRule("no-network-in-lock", {
  valid: [
    inFunction(`const data = await fetch(x); await redlock.using("a", async () => save(data));`),
    inFunction(`await redlock.using("a", async () => db.query("x")); await fetch(x);`),
    inFunction(
      `await redlock.using("a", async (lock, signal) => { process.once("exit", () => fetch(x)); });`,
    ),
    inFunction(
      `const lock = await redlock.acquire("a"); try { await db.query("x"); } finally { await lock.release(); } await fetch(x);`,
    ),
    inFunction(
      `await fetch(x); const lock = await redlock.acquire("a"); await lock.release(); await fetch(x);`,
    ),
    inFunction(
      `const lock = await redlock.tryAcquire("a"); if (!lock) { await fetch("/busy"); return; } try { await db.query("x"); } finally { await lock.release(); }`,
    ),
    inFunction(`{ await using lock = await redlock.acquire("a"); await db.query("x"); } await fetch(x);`),
    inFunction(`const fetch = (key) => cache.get(key); await redlock.using("a", async () => fetch("b"));`),
    inFunction(`await redlock.using("a", async () => repository.fetch("b"));`),
    inFunction(`await redlock.using("a", async () => items.get("b"));`),
    `import axios from "axios"; import { redlock } from "./locks.js"; redlock.using("a", () => axios.isAxiosError(x));`,
    `import http from "node:http"; import { redlock } from "./locks.js"; redlock.using("a", () => http.createServer());`,
    `import { Mutex } from "async-mutex"; const mutex = new Mutex(); mutex.using(async () => fetch(x));`,
    { code: inFunction(`await redlock.using("a", async () => fetch(x));`), options: [{ allow: ["fetch"] }] },
    {
      code: inFunction(`await redlock.using("a", async () => fetch(x));`),
      options: [{ calls: ["axios.*"] }],
    },
    `import { redlock } from "./redlock.js"; class A { async f() { await redlock.using("a", async () => this.again()); } again() { return this.again(); } }`,
    `import { redlock } from "./redlock.js"; class A { async f() { await redlock.using("a", async () => this.get()); } static get() { return fetch("b"); } }`,
    `import { redlock } from "./redlock.js"; class A { async f() { await redlock.using("a", async () => x.map(function () { return this.get(); })); } get() { return fetch("b"); } }`,
    // Nothing waits for the request, so the lock is not held longer.
    inFunction(`await redlock.using("a", async () => { void fetch(x).catch(report); await save(x); });`),
    inFunction(`const ping = () => fetch(x); await redlock.using("a", async () => { void ping(); });`),
    `import { redlock } from "./redlock.js"; class A { async f() { await redlock.using("a", async () => this.save()); } async save() { await write(); void fetch("b"); void this.ping(); } ping() { return fetch("c"); } }`,
    inFunction(`const again = () => again(); await redlock.using("a", async () => again());`),
  ],
  invalid: [
    {
      code: inFunction(`void redlock.using("a", async () => { void log(await fetch(x)); });`),
      errors: network,
    },
    {
      code: inFunction(
        `await redlock.using("a", async (lock, signal) => {\nawait fetch(x, { signal });\n});`,
      ),
      errors: [
        {
          line: 5,
          message:
            "`fetch` sends a request while the lock of line 4 is held. A slow service keeps all other callers waiting. Send it before the lock is acquired or after its release.",
        },
      ],
    },
    {
      code: inFunction(`await redlock.tryUsing("a", { ttl: 5000 }, () => globalThis.fetch(x));`),
      errors: network,
    },
    {
      code: inFunction(
        `await redlock.mutex("a").using(async () => { for (const url of x) await fetch(url); });`,
      ),
      errors: network,
    },
    {
      code: inFunction(`await redlock.using("a", async () => Promise.all(x.map((url) => fetch(url))));`),
      errors: network,
    },
    { code: inFunction(`await using lock = await redlock.acquire("a"); await fetch(x);`), errors: network },
    {
      code: inFunction(
        `const lock = await redlock.acquire("a"); try { await fetch(x); } finally { await lock.release(); }`,
      ),
      errors: network,
    },
    {
      code: inFunction(`const lock = await redlock.acquire("a"); await fetch(x); await lock.release();`),
      errors: network,
    },
    {
      code: inFunction(
        `const lock = await redlock.tryAcquire("a"); if (lock) { try { await fetch(x); } finally { await lock.release(); } }`,
      ),
      errors: network,
    },
    {
      code: `import axios from "axios"; import { redlock } from "./locks.js"; redlock.using("a", () => axios.get(x));`,
      errors: network,
    },
    {
      code: `import axios from "axios"; import { redlock } from "./locks.js"; const api = axios.create({}); redlock.using("a", () => api.post(x));`,
      errors: network,
    },
    {
      code: `import axios from "axios"; import { redlock } from "./locks.js"; redlock.using("a", () => axios(x));`,
      errors: network,
    },
    {
      code: `import got from "got"; import { redlock } from "./locks.js"; const api = got.extend({}); redlock.using("a", () => api(x));`,
      errors: network,
    },
    {
      code: `import { request } from "undici"; import { redlock } from "./locks.js"; redlock.using("a", () => request(x));`,
      errors: network,
    },
    {
      code: `import https from "node:https"; import { redlock } from "./locks.js"; redlock.using("a", () => https.get(x));`,
      errors: network,
    },
    {
      code: `const { request } = require("http"); const { redlock } = require("./locks.js"); redlock.using("a", () => request(x));`,
      errors: network,
    },
    {
      code: `import fetch from "node-fetch"; import { redlock } from "./locks.js"; redlock.using("a", () => fetch(x));`,
      errors: network,
    },
    {
      code: inFunction(`await redlock.using("a", async () => stripe.charges.create(x));`),
      options: [{ additionalCalls: ["stripe.charges.create"] }],
      errors: network,
    },
    {
      code: inFunction(`await redlock.using("a", async () => mailer.send(x));`),
      options: [{ additionalCalls: ["mailer.*"] }],
      errors: network,
    },
    // Methods of the class.
    ...[
      `class A { async f() { await redlock.using("a", async () => this.#get()); } #get() { return fetch("b"); } }`,
      `class A { async f() { await redlock.using("a", async () => { await this.get(); }); } get = async () => fetch("b"); }`,
      `class A { async f() { await redlock.using("a", () => this.one()); } one() { return this.two(); } async two() { await fetch("b"); } }`,
    ].map((code) => ({
      code: `import { redlock } from "./redlock.js"; ${code}`,
      errors: [{ messageId: "indirect" }],
    })),
    // Functions of the file.
    {
      code: inFunction(
        `await redlock.using("a", async () => {\nawait loadRates();\n});\nasync function loadRates() { return parse(await fetch(x)); }`,
      ),
      errors: [{ messageId: "indirect", line: 5, data: { name: "loadRates", call: "fetch", line: "4" } }],
    },
    {
      code: inFunction(
        `const load = () => fetch(x); async function work() { await load(); } await redlock.using("a", work);`,
      ),
      errors: [{ messageId: "indirect" }],
    },
  ],
  typescript: {
    valid: [
      `import { UseLock } from "@quorumlock/nestjs"; class A { @UseLock("a") async f() { await this.rows.save(); } async g() { await fetch("b"); } }`,
      `import { UseLock } from "./our-decorators.js"; class A { @UseLock("a") async f() { await fetch("b"); } }`,
    ],
    invalid: [
      {
        code: `import { UseLock } from "@quorumlock/nestjs";\nclass A {\n@UseLock("a")\nasync f() { await fetch("b"); } }`,
        errors: [{ messageId: "network", line: 4, data: { call: "fetch", line: "3" } }],
      },
      {
        code: `import { UseLock } from "@quorumlock/nestjs"; class A { @Cron("0 * * * *") @UseLock("a") async f() { await this.get(); } private get() { return fetch("b"); } }`,
        errors: [{ messageId: "indirect" }],
      },
    ],
  },
});
