import { Redlock } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { startRedisServers } from "quorumlock/testing";
import { writeFileSync } from "node:fs";
const servers = await startRedisServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
writeFileSync("/tmp/load.servers", servers.map((s) => s.url.replace("redis://", "")).join(","));
const redlock = new Redlock(
  servers.map((s) => s.url),
  { owner: "billing-7:3121" },
);
const stats = new LockStats(redlock);
report(redlock, stats);
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
await redlock.acquire("report:2026-11", { ttl: 30_000 });
for (let i = 0; i < 12; i++)
  (async () => {
    for (;;) {
      await redlock.using("order:42", async () => sleep(80)).catch(() => 0);
    }
  })();
for (let i = 0; i < 6; i++)
  (async () => {
    for (;;) {
      await redlock.using("tenant/" + i, async () => sleep(20)).catch(() => 0);
      await sleep(30);
    }
  })();
for (let i = 0; i < 5; i++)
  (async () => {
    for (;;) {
      await redlock.acquire("report:2026-11", { wait: 30_000 }).catch(() => 0);
    }
  })();
await redlock.acquire("주문:서울 창고/재고 확인", { ttl: 60_000 });
await redlock.acquire("stuck\n\u202ename", { ttl: 600_000, autoExtend: false });
