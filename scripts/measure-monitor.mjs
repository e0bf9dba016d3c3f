#!/usr/bin/env node
// Measures how long the monitor takes to reply while 10,000 locks are held. The monitor runs in its own process, from its sources.
//
//   node --import tsx --conditions=@quorumlock/source scripts/measure-monitor.mjs [locks] [requests]
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Redlock } from "quorumlock";
import { startRedisServers } from "quorumlock/testing";

const LOCKS = Number(process.argv[2] ?? 10_000);
const REQUESTS = Number(process.argv[3] ?? 1_000);
const PAGE = 200;
const AT_A_TIME = 500;
const MAIN = fileURLToPath(new URL("../packages/ops/src/cli/main.ts", import.meta.url));

const servers = await startRedisServers(3);
const redlock = new Redlock(
  servers.map(({ url }) => url),
  { restartGuard: false },
);
for (let at = 0; at < LOCKS; at += AT_A_TIME) {
  const names = Array.from({ length: Math.min(AT_A_TIME, LOCKS - at) }, (_, index) => `order:${at + index}`);
  await Promise.all(names.map((name) => redlock.acquire(name, { ttl: 3_600_000, autoExtend: false })));
}

const instances = servers.map(({ url }) => url).join(",");
const node = ["--import", "tsx", "--conditions=@quorumlock/source", MAIN];
const monitor = spawn(
  process.execPath,
  [...node, "monitor", "--instances", instances, "--listen", "127.0.0.1:0"],
  {
    stdio: ["ignore", "inherit", "pipe"],
  },
);
try {
  const url = await new Promise((resolve, reject) => {
    monitor.once("exit", () => reject(new Error("the monitor has ended")));
    monitor.stderr.on("data", (chunk) => {
      const [found] = /http:\/\/[^/\s]+/.exec(String(chunk)) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const startedAt = performance.now();
  for (;;) {
    const page = await (await fetch(`${url}/api/locks?limit=1`)).json();
    if (page.complete && page.total === LOCKS) break;
    await sleep(500);
  }
  console.log(`${LOCKS} locks, whole list known after ${seconds(performance.now() - startedAt)}`);
  await measure(`GET /api/locks, ${PAGE} rows`, () => {
    const offset = Math.floor(Math.random() * (LOCKS / PAGE)) * PAGE;
    return `${url}/api/locks?limit=${PAGE}&offset=${offset}`;
  });
  await measure(
    "GET /api/locks/:name",
    () => `${url}/api/locks/order%3A${Math.floor(Math.random() * LOCKS)}`,
  );
  await measure("GET /api/snapshot", () => `${url}/api/snapshot`);
} finally {
  monitor.kill("SIGTERM");
  await redlock.close();
  await servers.stop();
}

async function measure(what, urlOf) {
  const times = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    const startedAt = performance.now();
    const reply = await fetch(urlOf());
    await reply.arrayBuffer();
    if (!reply.ok) throw new Error(`${what}: ${reply.status}`);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share) => `${times[Math.floor(times.length * share)].toFixed(1)} ms`;
  console.log(
    `${what}: p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${times.at(-1).toFixed(1)} ms, of ${REQUESTS} requests`,
  );
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
