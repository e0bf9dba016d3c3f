import { request as httpRequest } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MonitorEvent, Stream } from "../../src/monitor/index.ts";
import { EventLog, MAX_EVENTS_AT_A_TIME } from "../../src/monitor/history/event-log.ts";
import {
  BrowserStream,
  MAX_BLOCKED_MS,
  MAX_BUFFERED_BYTES,
  MAX_ENDING_MS,
} from "../../src/monitor/http/browser-stream.ts";
import { RELEASE_TOKEN, startBed, until } from "./support/monitor-bed.ts";

interface Message {
  readonly key: keyof Stream;
  readonly data: unknown;
}

/** Reads a stream until it ends. */
class StreamReader {
  readonly messages: Message[] = [];
  status: number | undefined;
  #response: IncomingMessage | undefined;

  constructor(url: string, headers: Record<string, string> = {}) {
    httpRequest(url, { headers }, (response) => {
      this.status = response.statusCode;
      this.#response = response;
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        const parts = text.split("\n\n");
        text = parts.pop() ?? "";
        for (const part of parts) {
          const [, key = "", json = ""] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
          this.messages.push({ key: key as keyof Stream, data: JSON.parse(json) });
        }
      });
      response.on("error", () => undefined);
    }).end();
  }

  of<Key extends keyof Stream>(key: Key): readonly Stream[Key][] {
    return this.messages.filter((message) => message.key === key).map(({ data }) => data as Stream[Key]);
  }

  close(): void {
    this.#response?.destroy();
  }
}

const NO_EVENT = { level: "info", name: undefined, owner: undefined } as const;

describe("the stream of a browser", () => {
  test("begins with hello and all states, and goes on in its rhythm", async () => {
    await using bed = await startBed();
    const reader = new StreamReader(`${bed.monitor.url}/api/events`);
    await until(() => reader.of("alerts").length === 1);
    expect(reader.messages.slice(0, 5).map(({ key }) => key)).toEqual([
      "hello",
      "servers",
      "figures",
      "locks",
      "alerts",
    ]);
    expect(reader.of("hello")[0]).toMatchObject({ schema: 1, bootId: expect.any(String) });
    await using _ = await bed.redlock.acquire("order:42");
    await until(() => reader.of("locks").some(({ locks }) => locks[0]?.name === "order:42"));
    await until(() => reader.of("ping").length === 1 && reader.of("figures").length > 2);
    await bed.servers[0]?.kill();
    await until(() => reader.of("servers").some(({ quorum }) => quorum.voting === 2));
    const events = await until(() => reader.of("events").find(({ counts }) => (counts.server ?? 0) > 0));
    expect(events.events.some(({ text }) => text.includes("No answer"))).toBe(true);
    reader.close();
  });

  test("is open to a limited number of browsers, and ends with its session", async () => {
    await using bed = await startBed({ maxBrowsers: 2 });
    const url = `${bed.monitor.url}/api/events`;
    const cookie =
      (await bed.post("/api/session", { token: RELEASE_TOKEN })).headers.get("set-cookie")?.split(";")[0] ??
      "";
    const first = new StreamReader(url, { cookie });
    const second = new StreamReader(url);
    await until(() => first.of("hello").length + second.of("hello").length === 2);
    const third = new StreamReader(url);
    await until(() => third.status === 503);
    const headers = { cookie, origin: bed.monitor.url };
    await fetch(`${bed.monitor.url}/api/session`, { method: "DELETE", headers });
    const fourth = await until(async () => {
      const reader = new StreamReader(url);
      await until(() => reader.status !== undefined);
      if (reader.status === 200) return reader;
      reader.close();
      return undefined;
    });
    for (const reader of [second, third, fourth]) reader.close();
  });

  test("keeps at most 256 kB for a browser that does not read, and says what is missing", async () => {
    let response: ServerResponse | undefined;
    const server = createServer((_, reply) => {
      response = reply;
      reply.writeHead(200);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const reply = await until(() => response);
    const stream = new BrowserStream(reply);
    const event: MonitorEvent = { ...NO_EVENT, id: 1, at: 1, type: "granted", text: "x".repeat(2_000) };
    let sent = 0;
    for (; sent < 20_000; sent += 10) {
      stream.send("ping", JSON.stringify({ now: sent, filler: "y".repeat(10_000) }));
      stream.sendEvents(
        Array.from({ length: 10 }, () => event),
        { granted: 10 },
      );
      // One message is in the hands of Node.
      expect(stream.bufferedBytes).toBeLessThan(2 * MAX_BUFFERED_BYTES);
    }
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.resume();
    await until(() => stream.bufferedBytes === 0);
    reply.end();
    await until(() => socket.destroyed || socket.readableEnded);
    const batches = [...text.matchAll(/^data: (\{"events".*\})$/gm)].map(
      ([, json = ""]) => JSON.parse(json) as Stream["events"],
    );
    const shown = batches.reduce((sum, batch) => sum + batch.events.length, 0);
    const dropped = batches.reduce((sum, batch) => sum + batch.dropped, 0);
    const counted = batches.reduce((sum, batch) => sum + (batch.counts.granted ?? 0), 0);
    expect(dropped).toBeGreaterThan(0);
    expect(shown + dropped).toBe(20_000);
    expect(counted).toBe(20_000);
    server.close();
    socket.destroy();
  });
});

/** The stream of a browser whose connection takes nothing more, and the end of the browser. */
interface BlockedStream extends Disposable {
  readonly reply: ServerResponse;
  readonly stream: BrowserStream;
  readonly socket: Socket;
}

async function startBlocked(): Promise<BlockedStream> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.pause();
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const [, reply] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
  reply.writeHead(200);
  const stream = new BrowserStream(reply);
  // The buffers of the system take several messages, until nothing moves any more.
  for (let turns = 0; turns < 100; turns = reply.writableNeedDrain ? turns + 1 : 0) {
    stream.send("ping", JSON.stringify({ filler: "y".repeat(200_000) }));
    await nextTurn();
  }
  return {
    reply,
    stream,
    socket,
    [Symbol.dispose]() {
      socket.destroy();
      server.close();
    },
  };
}

describe("the place of a browser", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  test("is free 30 s after the browser took the last byte", async () => {
    using blocked = await startBlocked();
    const { reply, stream } = blocked;
    vi.advanceTimersByTime(MAX_BLOCKED_MS - 1);
    stream.send("ping", "{}");
    expect(reply.destroyed).toBe(false);
    const closed = once(reply, "close");
    vi.advanceTimersByTime(1);
    expect(reply.destroyed).toBe(true);
    await closed;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is kept while the browser reads", async () => {
    using blocked = await startBlocked();
    const { reply, stream, socket } = blocked;
    const drained = once(reply, "drain");
    socket.resume();
    await drained;
    while (stream.bufferedBytes > 0) await nextTurn();
    vi.advanceTimersByTime(2 * MAX_BLOCKED_MS);
    expect(reply.destroyed).toBe(false);
  });

  test("is free 5 s after the end of a stream that the browser does not read", async () => {
    using blocked = await startBlocked();
    const { reply, stream } = blocked;
    stream.end();
    vi.advanceTimersByTime(MAX_ENDING_MS - 1);
    stream.end();
    expect(reply.destroyed).toBe(false);
    const closed = once(reply, "close");
    vi.advanceTimersByTime(1);
    expect(reply.destroyed).toBe(true);
    await closed;
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("HEAD opens no stream", async () => {
  await using bed = await startBed({ maxBrowsers: 1 });
  const url = `${bed.monitor.url}/api/events`;
  const head = await fetch(url, { method: "HEAD" });
  expect(head.status).toBe(200);
  expect(head.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(head.headers.get("x-content-type-options")).toBe("nosniff");
  const reader = new StreamReader(url);
  await until(() => reader.status);
  expect(reader.status).toBe(200);
  reader.close();
});

describe("the log of events", () => {
  test("keeps the latest ones, and finds those of a name", () => {
    const log = new EventLog(3);
    for (const name of ["a", "b", "a", "c"]) log.add({ ...NO_EVENT, type: "granted", text: "granted", name });
    expect(log.latest(10).map(({ id, name }) => [id, name])).toEqual([
      [4, "c"],
      [3, "a"],
      [2, "b"],
    ]);
    expect(log.latest(10, ({ name }) => name === "a").map(({ id }) => id)).toEqual([3]);
  });

  test("gives batches with exact counts, and with what matters first", () => {
    const log = new EventLog(5_000);
    for (let index = 0; index < 2_000; index += 1) {
      log.add({ ...NO_EVENT, type: "granted", text: "granted" });
      if (index % 200 === 0) log.add({ ...NO_EVENT, type: "lost", level: "bad", text: "lost" });
    }
    log.addCounts({ released: 7 });
    const { events, counts } = log.takeBatch();
    expect(counts).toEqual({ granted: 2_000, lost: 10, released: 7 });
    expect(events).toHaveLength(MAX_EVENTS_AT_A_TIME);
    expect(events.filter(({ type }) => type === "lost").length).toBeGreaterThan(5);
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((a, b) => a - b));
    expect(log.takeBatch()).toEqual({ events: [], counts: {} });
  });
});
