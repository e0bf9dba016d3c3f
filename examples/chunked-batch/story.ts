import { count, milliseconds, percentile } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story } from "../harness/story.ts";
import { CHUNK, TABLES, type Task } from "./tables.ts";

const TTL_MS = 600;
const ITEMS = { short: 800, full: 2_000 };
const INTERACTIVE = 3;
/** The share of the items after which the batch is killed. */
const KILL_SHARE = 0.4;
/** How long the anti-pattern is watched after the kill, in ms. */
const WATCH_MS = { short: 1_500, full: 10_000 };
/** The present chunk, and one more if the request came just when it began. */
const MAX_CHUNKS = 2;
/** How much longer than promised a request may wait on a busy machine. */
const SLACK_MS = 2_000;

interface Facts {
  readonly items: number;
  readonly done: number;
  /** Items that were done more than once. */
  readonly repeated: number;
  readonly longestChunkMs: number;
  readonly requests: number;
  /** During how many chunks a request waited: the 99th percentile, and the most. */
  readonly p99Chunks: number;
  readonly maxChunks: number;
  readonly longestWaitMs: number;
  /** The longest wait of a request that was open when the batch was killed. */
  readonly waitAcrossKillMs: number;
  /** Processes whose request still waits at the end. */
  readonly blocked: number;
}

export const chunkedBatch: Story<Facts> = {
  name: "chunked-batch",
  summary: "a batch and interactive requests share a lock, and the batch is killed",
  columns: { ours: "a lock per chunk", antiPattern: "a lock of an hour" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const items = scene.isShort ? ITEMS.short : ITEMS.full;
    await scene.sql.change("INSERT INTO items (id) SELECT generate_series(0, $1 - 1)", [items]);
    const isOneLock = variant === "antiPattern";
    const start = (name: string, role: Task["role"]) =>
      scene.start(name, import.meta.resolve("./worker.ts"), { role, isOneLock } satisfies Task);
    const batch = start("batch", "batch");
    const successor = start("batch-2", "batch");
    const interactive = Array.from({ length: INTERACTIVE }, (_, index) =>
      start(`interactive-${index}`, "interactive"),
    );
    await scene.go([batch, ...interactive]);
    await scene.until(
      "the batch has done a part",
      async () => (await cursorOf(scene)) >= items * KILL_SHARE,
      60_000,
    );
    await scene.orFail(batch.reach("in chunk", "kill"));
    const killedAt = await now(scene);
    await scene.go([successor]);
    if (isOneLock) await scene.pause(scene.isShort ? WATCH_MS.short : WATCH_MS.full);
    else await scene.allEnded([successor]);
    const endedAt = await now(scene);
    const facts = await readFacts(scene, killedAt, endedAt);
    await Promise.all([successor, ...interactive].map((each) => each.kill()));
    return { items, ...facts };
  },

  figures: (facts) => [
    ["items", count(facts.items)],
    ["items done", count(facts.done)],
    ["items done twice", count(facts.repeated)],
    [`longest chunk of ${CHUNK} items`, milliseconds(facts.longestChunkMs)],
    ["interactive requests", count(facts.requests)],
    ["chunks that a request waited for, p99", count(facts.p99Chunks)],
    ["chunks that a request waited for, most", count(facts.maxChunks)],
    ["longest wait of a request", milliseconds(facts.longestWaitMs)],
    ["interactive processes blocked at the end", `${facts.blocked} of ${INTERACTIVE}`],
  ],

  judge: ({ items, done, repeated, p99Chunks, longestChunkMs, waitAcrossKillMs, blocked }) => {
    const maxWaitMs = TTL_MS + MAX_CHUNKS * longestChunkMs + SLACK_MS;
    return [
      {
        claim: "each item was done exactly once",
        holds: done === items && repeated === 0,
        found: `${count(done)} of ${count(items)}, ${count(repeated)} twice`,
      },
      {
        claim: `99 % of the interactive requests wait for at most ${MAX_CHUNKS} chunks`,
        holds: p99Chunks <= MAX_CHUNKS,
        found: count(p99Chunks),
        needsSteadyTime: true,
      },
      {
        claim: `after the kill, interactive requests go on within ${milliseconds(maxWaitMs)} (the ttl is ${TTL_MS} ms)`,
        holds: blocked === 0 && waitAcrossKillMs <= maxWaitMs,
        found: `${blocked} blocked, longest wait ${milliseconds(waitAcrossKillMs)}`,
        needsSteadyTime: true,
      },
    ];
  },

  damage: ({ blocked, waitAcrossKillMs, items, done }) =>
    `${blocked} of ${INTERACTIVE} interactive processes were still blocked ${milliseconds(waitAcrossKillMs)} after they asked, and will be for the rest of the hour; ${count(items - done)} items are left.`,
};

async function now({ sql }: Scene): Promise<number> {
  return (await oneRow<{ now: number }>(sql, "SELECT now_ms() AS now")).now;
}

async function cursorOf({ sql }: Scene): Promise<number> {
  return (await oneRow<{ next: number }>(sql, "SELECT next FROM cursor")).next;
}

async function readFacts({ sql }: Scene, killedAt: number, endedAt: number): Promise<Omit<Facts, "items">> {
  const { done, repeated } = await oneRow<{ done: number; repeated: number }>(
    sql,
    "SELECT count(*) FILTER (WHERE times > 0) AS done, count(*) FILTER (WHERE times > 1) AS repeated FROM items",
  );
  const chunks = await sql.rows<{ from_ms: number; to_ms: number | null }>(
    "SELECT from_ms, to_ms FROM chunks",
  );
  const longest = Math.max(0, ...chunks.map(({ from_ms, to_ms }) => (to_ms ?? from_ms) - from_ms));
  const requests = await sql.rows<{ asked_ms: number; got_ms: number | null }>(
    "SELECT asked_ms, got_ms FROM requests",
  );
  const waits = requests.map(({ asked_ms, got_ms }) => {
    const until = got_ms ?? endedAt;
    return {
      wait: until - asked_ms,
      chunks: chunks.filter((chunk) => chunk.from_ms < until && (chunk.to_ms ?? endedAt) > asked_ms).length,
      isAcrossKill: asked_ms <= killedAt && until >= killedAt,
      // A request that was made just now has not waited.
      isOpen: got_ms === null && endedAt - asked_ms > 2 * longest,
    };
  });
  const chunksWaited = waits.map((each) => each.chunks);
  return {
    done,
    repeated,
    longestChunkMs: longest,
    requests: requests.length,
    p99Chunks: percentile(chunksWaited, 0.99) ?? 0,
    maxChunks: Math.max(0, ...chunksWaited),
    longestWaitMs: Math.max(0, ...waits.map(({ wait }) => wait)),
    waitAcrossKillMs: Math.max(
      0,
      ...waits.filter(({ isAcrossKill }) => isAcrossKill).map(({ wait }) => wait),
    ),
    blocked: waits.filter(({ isOpen }) => isOpen).length,
  };
}
