import { describe, expect, test } from "vitest";
import { LockLostError, type Redlock } from "quorumlock";
import type { LockDetail, ReleaseReply } from "../../src/monitor/index.ts";
import { Releases } from "../../src/monitor/releases.ts";
import { type MonitorBed, READ_TOKEN, RELEASE_TOKEN, startBed, until } from "./support/monitor-bed.ts";

interface Answer {
  readonly status: number;
  readonly reply: ReleaseReply;
}

async function release(
  bed: MonitorBed,
  name: string,
  body: Record<string, unknown>,
  token: string | undefined = RELEASE_TOKEN,
): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const reply = await bed.post(
    `/api/locks/${encodeURIComponent(name)}/release`,
    { name, reason: "test", ...body },
    headers,
  );
  return { status: reply.status, reply: (await reply.json()) as ReleaseReply };
}

function audited(bed: MonitorBed): readonly Record<string, unknown>[] {
  return bed.log.map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function untilServersVote(bed: MonitorBed): Promise<void> {
  await until(async () => (await bed.get("/health")).status === 200);
}

describe("a release from the browser", () => {
  test("that is drained lets nobody in before the lease of the holder has ended", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    const endsAt = performance.now() + 6_000;
    const lock = await bed.redlock.acquire("order:42", {
      ttl: 6_000,
      autoExtend: false,
      owner: "billing-7:3121",
    });
    let enteredAt: number | undefined;
    const waiter = bed
      .client()
      .acquire("order:42", { wait: 20_000 })
      .then((next) => {
        enteredAt = performance.now();
        return next;
      });
    const holderId = lock.token.slice(0, 8);
    const { status, reply } = await release(bed, "order:42", { holderId, mode: "drain", fence: lock.fence });
    expect(reply.message).toMatch(
      /^Released\. It cannot be extended any more; free at \d\d:\d\d:\d\d UTC\. New fence \d+\.$/,
    );
    expect(status).toBe(200);
    expect(reply.newFence).toBeGreaterThan(lock.fence);
    expect(reply.freeAt).toBeGreaterThan(Date.now());
    await expect(lock.extend()).rejects.toThrow(LockLostError);
    const drained = (await bed.json<LockDetail>("/api/locks/order%3A42")).lock;
    expect(drained?.holder?.owner).toBe("operator:anna");
    await using next = await waiter;
    // The lease of the holder is shorter than its keys live by the allowance for drift.
    expect(enteredAt).toBeGreaterThan(endsAt - 200);
    expect(next.fence).toBeGreaterThan(reply.newFence ?? Infinity);
    const snapshot = await bed.json<{ events: { type: string; text: string; name: string }[] }>(
      "/api/snapshot",
    );
    const event = snapshot.events.find(({ type }) => type === "operator-released");
    expect(event).toMatchObject({ name: "order:42", text: "released when its lease ends by anna: test" });
  });

  test("that is done now frees it at once, and is recorded on every server", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    const lock = await bed.redlock.acquire("order:42", { ttl: 600_000, autoExtend: false });
    const holderId = lock.token.slice(0, 8);
    const { status, reply } = await release(bed, "order:42", {
      holderId,
      mode: "now",
      reason: "  stuck since noon ",
    });
    expect([status, reply.released]).toEqual([200, true]);
    expect(reply.message).toMatch(/^Released\. It is free now\./);
    await using _ = await bed.client().acquire("order:42", { wait: 0 });
    const [line] = audited(bed);
    expect(line).toMatchObject({
      action: "release",
      result: "released",
      via: "browser",
      actor: "anna",
      name: "order:42",
      class: "order:*",
      holder: { id: holderId },
      votes: 3,
      of: 3,
      mode: "now",
      reason: "stuck since noon",
    });
    expect(bed.log.join("\n")).not.toContain(lock.token.slice(0, 9));
    for (const redis of bed.plain) {
      expect(await redis.lrange("lock:~audit", 0, -1)).toEqual(bed.log);
      expect(await redis.ttl("lock:~audit")).toBeGreaterThan(29 * 24 * 3_600);
    }
    const { records } = await bed.json<{ records: unknown[] }>("/api/audit");
    expect(records).toHaveLength(1);
  });

  test("is refused with the reason, and refusals are recorded", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    const first = await bed.redlock.acquire("order:42", { owner: "api-1:1" });
    const holderId = first.token.slice(0, 8);
    const good = { holderId, mode: "drain" };
    expect(await release(bed, "order:42", good, READ_TOKEN)).toMatchObject({
      status: 403,
      reply: { message: "Your token may read, not release." },
    });
    expect((await release(bed, "order:42", good, "wrong-token-0123456789")).status).toBe(401);
    const bare = await bed.post("/api/locks/order%3A42/release", { name: "order:42", reason: "r", ...good });
    expect(bare.status).toBe(401);
    for (const bad of [
      { name: "order:43" },
      { mode: "later" },
      { reason: " " },
      { holderId: "" },
      { reason: "r".repeat(501) },
    ])
      expect((await release(bed, "order:42", { ...good, ...bad })).status).toBe(400);
    const form = await bed.post("/api/locks/order%3A42/release", good, {
      "content-type": "text/plain",
      authorization: `Bearer ${RELEASE_TOKEN}`,
    });
    expect(form.status).toBe(400);

    await first.release();
    expect(await release(bed, "order:42", good)).toMatchObject({
      status: 409,
      reply: { released: false, message: "Not released: it is free." },
    });
    await using second = await bed.redlock.acquire("order:42", { owner: "api-2:118" });
    const changed = await release(bed, "order:42", good);
    expect(changed.status).toBe(409);
    expect(changed.reply.message).toMatch(
      /^Not released: the holder changed\. api-2:118 has held it for \d+\.\d s\. Look again\.$/,
    );
    expect(second.isHeld).toBe(true);
    const results = audited(bed).map(({ result, actor, why }) => [result, actor, why]);
    expect(results).toHaveLength(11);
    expect(new Set(results.map(([result]) => result))).toEqual(new Set(["refused"]));
    // Requests of unknown people are in the log only.
    expect(await bed.plain[0]?.llen("lock:~audit")).toBe(9);
  });

  test("beside others is recorded on every server as well", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    const names = Array.from({ length: 8 }, (_, index) => `order:${index}`);
    const held = await Promise.all(names.map((name) => bed.redlock.acquire(name)));
    const replies = await Promise.all(
      held.map(({ token }, index) =>
        release(bed, names[index]!, { holderId: token.slice(0, 8), mode: "now" }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { records } = await bed.json<{ records: { name: string }[] }>("/api/audit");
    expect(records.map(({ name }) => name).toSorted()).toEqual(names);
    for (const redis of bed.plain) expect(await redis.llen("lock:~audit")).toBe(names.length);
  });

  test("that fails in a way that nobody foresaw is recorded, and refused without a secret", async () => {
    const written: { why: string | undefined }[] = [];
    const releases = new Releases(
      {} as Redlock,
      {
        isEnabled: true,
        quorum: 1,
        servers: 1,
        audit: { record: (fields: { why: string | undefined }) => Promise.resolve(written.push(fields)) },
        details: { inspectNow: () => Promise.reject(new Error("redis://:pa55word@host failed")) },
        context: () => ({ classOf: () => "order:*" }),
      } as unknown as ConstructorParameters<typeof Releases>[1],
    );
    const body = { name: "order:42", holderId: "12345678", mode: "now", reason: "test" };
    const viewer = { name: "anna", role: "release" } as const;
    const { status, reply } = await releases.release("order:42", body, { viewer, address: undefined });
    expect([status, reply.released]).toEqual([503, false]);
    expect(written.map(({ why }) => why)).toEqual([reply.message]);
    expect(reply.message).not.toContain("pa55word");
  });

  test("needs a quorum, and changes nothing without one", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    const lock = await bed.redlock.acquire("order:42", { ttl: 600_000, autoExtend: false });
    const holderId = lock.token.slice(0, 8);
    await bed.servers[0]?.kill();
    await bed.servers[1]?.kill();
    const { status, reply } = await release(bed, "order:42", { holderId, mode: "drain" });
    expect(status).toBe(503);
    expect(reply.message).toBe("Not released: 1 of 3 servers answered, 2 are needed. Nothing was changed.");
    expect(await bed.plain[2]?.get("lock:order:42")).toBe(lock.token);
  });

  test("never says that a lock is free which a server that is away may have", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    await bed.redlock.acquire("order:42", { ttl: 600_000, autoExtend: false });
    await bed.plain[2]?.del("lock:order:42");
    await bed.servers[0]?.kill();
    const { status, reply } = await release(bed, "order:42", { holderId: "another0", mode: "drain" });
    expect([status, reply.message]).toEqual([
      409,
      "Not released: it may be held: it is on 1 of 3 servers, and 1 of 3 servers gave no answer.",
    ]);
  });

  test("does not exist if it is turned off", async () => {
    await using bed = await startBed({ release: false });
    const { status } = await release(bed, "order:42", { holderId: "12345678", mode: "drain" });
    expect(status).toBe(404);
    const snapshot = await bed.json<{ canRelease: boolean; releaseEnabled: boolean }>(
      "/api/snapshot",
      RELEASE_TOKEN,
    );
    expect(snapshot).toMatchObject({ canRelease: false, releaseEnabled: false });
  });

  test("works for names with markup, quotes and characters that turn text around", async () => {
    await using bed = await startBed();
    await untilServersVote(bed);
    const name = `<script>"'&%2F/\u202e${"\u{1f512}".repeat(400)}`;
    const lock = await bed.redlock.acquire(name, { ttl: 600_000, autoExtend: false });
    const { status } = await release(bed, name, { holderId: lock.token.slice(0, 8), mode: "now" });
    expect(status).toBe(200);
    expect(bed.log[0]).not.toContain("\u202e");
    expect(audited(bed)[0]?.["name"]).toBe(name);
  });
});
