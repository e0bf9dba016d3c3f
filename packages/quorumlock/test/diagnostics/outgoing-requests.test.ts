import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { findingsOf } from "../support/findings.ts";
import { world } from "../support/world.ts";

const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
await once(server, "listening");
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());

const request = async (): Promise<void> => {
  const [response] = (await once(get(`http://${host}/?secret=1`), "response")) as [NodeJS.ReadableStream];
  await once(response.resume(), "end");
};

function diagnosed() {
  const { redlock } = world(3, { diagnostics: true });
  return { redlock, findings: findingsOf(redlock) };
}

describe("request-under-lock", () => {
  test("reports requests of fetch and of http, once for each place and server", async () => {
    const { redlock, findings } = diagnosed();
    const work = (): Promise<void> =>
      redlock.using("rates", async () => {
        await (await fetch(`http://${host}/?secret=1`)).text();
        await (await fetch(`http://${host}/other`)).text();
      });
    await work();
    await work();
    expect(findings).toEqual([
      {
        id: "request-under-lock",
        names: ["rates"],
        message: expect.stringContaining(`an HTTP request to http://${host} begins`) as string,
        stacks: [expect.stringMatching(/^at work .*outgoing-requests\.test\.ts/) as string],
      },
    ]);
    const lock = await redlock.acquire("by http");
    await request();
    await lock.release();
    expect(findings.map(({ names }) => names)).toEqual([["rates"], ["by http"]]);
    expect(JSON.stringify(findings)).not.toContain("secret");
  });

  test("reports nothing before and after the lock, or in code that does not hold it", async () => {
    const { redlock, findings } = diagnosed();
    let begin!: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const beside = begun.then(request);
    await request();
    await redlock.using("rates", async () => {
      begin();
      await beside;
    });
    const lock = await redlock.acquire("rates");
    await lock.release();
    await request();
    expect(findings).toEqual([]);
  });

  test("listens only while a lock is held", async () => {
    const { redlock } = diagnosed();
    const channels = [channel("undici:request:create"), channel("http.client.request.start")];
    const hasListeners = (): boolean => channels.some(({ hasSubscribers }) => hasSubscribers);
    expect(hasListeners()).toBe(false);
    await redlock.using("a", () => expect(hasListeners()).toBe(true));
    expect(hasListeners()).toBe(false);
    await world(3).redlock.using("a", () => expect(hasListeners()).toBe(false));
  });
});
