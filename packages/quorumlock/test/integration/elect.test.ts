import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { ElectionProcessSettings, Step } from "../support/election-process.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const TTL_MS = 1_500;
const LIMIT_MS = 120_000;
const servers = await testServers(3);
const startProcess = await bundledProgram(new URL("../support/election-process.ts", import.meta.url));
const [rows] = await testServers(1);
const { admin, server } = rows!;

interface Candidate {
  readonly id: string;
  readonly child: ChildProcess;
  /** What it has sent, in order. */
  readonly messages: (readonly [what: string, ...rest: unknown[]])[];
}

/** What a leader has written. `at`: by the clock of the server with the rows. */
interface Row {
  readonly at: number;
  readonly number: number;
  readonly id: string;
}

const candidates: Candidate[] = [];
let runs = 0;
let rowsKey = "";

afterEach(async () => {
  const exits = candidates
    .filter(({ child }) => child.exitCode === null && child.signalCode === null)
    .map(({ child }) => {
      child.kill("SIGKILL");
      return once(child, "exit");
    });
  await Promise.all(exits);
  candidates.length = 0;
  await Promise.all(servers.map((each) => each.admin.flushall()));
});

function begin(
  id: string,
  offsetMs = 0,
  fault: Pick<ElectionProcessSettings, "step" | "signal"> = {},
): Candidate {
  const settings: ElectionProcessSettings = {
    urls: servers.map((each) => each.server.url),
    rowsUrl: server.url,
    rowsKey,
    id,
    ttl: TTL_MS,
    offsetMs,
    ...fault,
  };
  const child = startProcess([JSON.stringify(settings)]);
  const candidate: Candidate = { id, child, messages: [] };
  child.on("message", (message) => void candidate.messages.push(message as readonly [string]));
  candidates.push(candidate);
  return candidate;
}

function beginRun(): void {
  runs += 1;
  rowsKey = `rows-${runs}`;
}

async function readRows(): Promise<readonly Row[]> {
  const list = await admin.lrange(rowsKey, 0, -1);
  return list.map((text) => {
    const [at, number, id = ""] = text.split(" ");
    return { at: Number(at), number: Number(number), id };
  });
}

/** Resolves to the candidate that has written the latest row, when there is one later than `after` rows by one of these. */
async function writerAmong(list: readonly Candidate[], after = 0): Promise<Candidate> {
  let found: Candidate | undefined;
  await eventually(
    "one of the candidates leads",
    async () => {
      const latest = (await readRows()).slice(after).at(-1);
      found = list.find(({ id }) => id === latest?.id);
      return found !== undefined;
    },
    60_000,
  );
  return found!;
}

/** The rows of each term are in one piece: nobody wrote as the leader while another one did. Numbers rise. Returns the terms. */
function termsOf(list: readonly Row[]): readonly (readonly [number: number, id: string])[] {
  const terms: (readonly [number, string])[] = [];
  for (const { number, id } of list) {
    const latest = terms.at(-1);
    if (latest?.[0] !== number) terms.push([number, id]);
    expect(id).toBe(terms.at(-1)![1]);
    expect(number).toBeGreaterThanOrEqual(latest?.[0] ?? 0);
  }
  return terms;
}

/** Each `elected` is followed by one `lost` with its number, except that the last one of a killed or leading process is not. */
function checkCalls({ messages }: Candidate): void {
  const calls = messages.filter(([what]) => what === "elected" || what === "lost");
  calls.forEach((call, index) => {
    expect(call[0]).toBe(index % 2 === 0 ? "elected" : "lost");
  });
  const numbersOf = (what: string, at: number) =>
    calls.flatMap((call) => (call[0] === what ? [call[at]] : []));
  const lost = numbersOf("lost", 2);
  expect(lost).toEqual(numbersOf("elected", 1).slice(0, lost.length));
}

async function stopAll(list: readonly Candidate[]): Promise<void> {
  await Promise.all(
    list.map(async ({ child }) => {
      const exited = once(child, "exit");
      child.send("stop");
      expect(await exited).toEqual([0, null]);
    }),
  );
}

test("a killed leader is replaced, and terms do not overlap", { timeout: LIMIT_MS }, async () => {
  beginRun();
  const list = [begin("a"), begin("b", 5_000), begin("c", -5_000)];
  let living: readonly Candidate[] = list;
  let written = 0;
  for (let kill = 0; kill < 2; kill++) {
    const leader = await writerAmong(living, written);
    leader.child.kill("SIGKILL");
    await once(leader.child, "exit");
    living = living.filter((other) => other !== leader);
    written = (await readRows()).length;
  }
  const last = await writerAmong(living, written);
  await eventually("the survivor observes itself", () =>
    last.messages.some(([what, , id]) => what === "seen" && id === last.id),
  );
  await stopAll(living);
  const terms = termsOf(await readRows());
  expect(new Set(terms.map(([, id]) => id)).size).toBe(3);
  expect(await admin.get(`${rowsKey}:refused`)).toBeNull();
  for (const candidate of list) {
    checkCalls(candidate);
    const seen = candidate.messages.flatMap(([what, number]) =>
      what === "seen" && number !== 0 ? [Number(number)] : [],
    );
    expect(seen).toEqual(seen.toSorted((x, y) => x - y));
  }
});

test(
  "a leader that is stopped for two ttl writes nothing as the leader when it continues",
  { timeout: LIMIT_MS },
  async () => {
    beginRun();
    const list = [begin("a"), begin("b", 3_000)];
    const frozen = await writerAmong(list);
    frozen.child.kill("SIGSTOP");
    const other = list.find((candidate) => candidate !== frozen)!;
    const before = await readRows();
    await writerAmong([other], before.length);
    const resumedAfter = (await readRows()).length;
    await eventually("two ttl have passed", async () => {
      const latest = (await readRows()).at(-1);
      return latest !== undefined && latest.at - before.at(-1)!.at >= 2 * TTL_MS;
    });
    frozen.child.kill("SIGCONT");
    await eventually("the frozen process has noticed the loss", () =>
      frozen.messages.some(([what, reason]) => what === "lost" && reason === "lost"),
    );
    const after = (await readRows()).slice(resumedAfter);
    // One row may have been on its way when it was frozen.
    const late = after.filter(({ id }) => id === frozen.id);
    expect(late).toEqual([]);
    expect(Number((await admin.get(`${rowsKey}:refused`)) ?? 0)).toBeLessThanOrEqual(1);
    await stopAll(list);
    termsOf(await readRows());
    for (const candidate of list) checkCalls(candidate);
  },
);

test("leaders that resign take turns", { timeout: LIMIT_MS }, async () => {
  beginRun();
  const list = [begin("a"), begin("b"), begin("c")];
  let written = 0;
  let former = await writerAmong(list);
  for (let turn = 0; turn < 4; turn++) {
    former.child.send("resign");
    await eventually(
      "it has resigned",
      () =>
        former.messages.filter(([what]) => what === "lost").length ===
        former.messages.filter(([what]) => what === "elected").length,
    );
    written = (await readRows()).length;
    const next = await writerAmong(list, written);
    expect(next).not.toBe(former);
    former = next;
  }
  await stopAll(list);
  const terms = termsOf(await readRows());
  expect(terms.length).toBeGreaterThanOrEqual(5);
  expect(await admin.get(`${rowsKey}:refused`)).toBeNull();
  for (const candidate of list) checkCalls(candidate);
});

const STEPS: readonly Step[] = ["acquired", "opened", "recorded", "elected", "ended"];

test("processes that are killed at each step are replaced", { timeout: LIMIT_MS }, async () => {
  beginRun();
  const victims = STEPS.map((step) => begin(step, 0, { step, signal: "SIGKILL" }));
  const resigning = victims.find(({ id }) => id === "ended")!;
  resigning.child.on("message", ([what]: readonly string[]) => {
    if (what === "elected") resigning.child.send("resign");
  });
  const exits = await Promise.all(victims.map(({ child }) => once(child, "exit")));
  expect(exits).toEqual(victims.map(() => [null, "SIGKILL"]));
  const written = (await readRows()).length;
  const other = begin("other");
  expect(await writerAmong([other], written)).toBe(other);
  await stopAll([other]);
  // All others died before they wrote.
  const writers = termsOf(await readRows()).map(([, id]) => id);
  expect(writers.filter((id) => id !== "ended")).toEqual(["other"]);
  for (const candidate of [...victims, other]) checkCalls(candidate);
});

test(
  "processes that are stopped for two ttl before their term begins do not begin it",
  { timeout: LIMIT_MS },
  async () => {
    beginRun();
    const frozen = (["opened", "recorded"] as const).map((step) =>
      begin(step, 0, { step, signal: "SIGSTOP" }),
    );
    for (const { child } of frozen) await eventually("it is stopped", () => stateOf(child) === "T");
    const stoppedAt = performance.now();
    const other = begin("other", 3_000);
    await writerAmong([other]);
    await eventually("two ttl have passed", () => performance.now() - stoppedAt > 2 * TTL_MS);
    for (const { child } of frozen) child.kill("SIGCONT");
    const written = (await readRows()).length;
    await eventually("the other goes on", async () => (await readRows()).length > written + 20);
    for (const { messages } of frozen) expect(messages.filter(([what]) => what === "elected")).toEqual([]);
    await stopAll([...frozen, other]);
    expect(termsOf(await readRows())[0]![1]).toBe("other");
    expect(await admin.get(`${rowsKey}:refused`)).toBeNull();
    checkCalls(other);
  },
);

test(
  "a stopped server, and one that restarts empty, do not end a term; without a quorum it ends, and another begins",
  { timeout: LIMIT_MS },
  async () => {
    beginRun();
    const list = [begin("a"), begin("b", 3_000)];
    const [first, second] = servers;
    const leader = await writerAmong(list);
    const goesOn = async (what: string): Promise<void> => {
      const before = (await readRows()).at(-1)!.at;
      await eventually(what, async () => (await readRows()).at(-1)!.at - before > 2 * TTL_MS);
      expect(termsOf(await readRows())).toHaveLength(1);
    };
    await first!.server.kill();
    await goesOn("it leads for two ttl with two servers");
    await first!.server.restart();
    await goesOn("it leads for two ttl with a server that was empty");
    const cutAt = performance.now();
    for (const each of [first, second]) each!.server.pause();
    await eventually("the term has ended", () => leader.messages.some(([what]) => what === "lost"));
    const written = (await readRows()).length;
    await eventually("3 s are over", () => performance.now() - cutAt > 3_000);
    expect((await readRows()).length).toBe(written);
    for (const { messages } of list) {
      const seen = messages.filter(([what]) => what === "seen");
      expect(seen.at(-1)).toEqual(["seen", 0, ""]);
    }
    for (const each of [first, second]) each!.server.resume();
    await writerAmong(list, written);
    await stopAll(list);
    expect(termsOf(await readRows()).length).toBeGreaterThanOrEqual(2);
    expect(await admin.get(`${rowsKey}:refused`)).toBeNull();
    for (const candidate of list) checkCalls(candidate);
  },
);

/** The state of a process: "T" if it is stopped. */
function stateOf({ pid }: ChildProcess): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2)[0];
}
