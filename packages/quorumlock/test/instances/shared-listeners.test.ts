import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { listenShared } from "../../src/instances/shared-listeners.ts";

test("a client has one listener for each event, however many listen, and none after the last has ended", () => {
  const client = new EventEmitter();
  const heard: number[] = [];
  const ends = Array.from({ length: 15 }, (_, place) =>
    listenShared(client, "ready", () => heard.push(place)),
  );
  expect(client.listenerCount("ready")).toBe(1);
  client.emit("ready");
  expect(heard).toEqual(ends.map((_, place) => place));

  ends[0]!();
  ends[0]!();
  heard.length = 0;
  client.emit("ready");
  expect(heard).toHaveLength(14);
  for (const end of ends) end();
  expect(client.listenerCount("ready")).toBe(0);

  listenShared(client, "ready", () => heard.push(99));
  client.emit("ready");
  expect(heard.at(-1)).toBe(99);
});

test("an event reaches all listeners, also if one of them stops another", () => {
  const client = new EventEmitter();
  const heard: unknown[] = [];
  const end = listenShared(client, "error", () => heard.push("first"));
  listenShared(client, "error", (error) => {
    end();
    heard.push(error);
  });
  client.emit("error", "broken");
  client.emit("error", "broken again");
  expect(heard).toEqual(["first", "broken", "broken again"]);
});

test("a client whose listeners were all removed by its program is listened to again", () => {
  const client = new EventEmitter();
  const heard: string[] = [];
  listenShared(client, "close", () => heard.push("one"));
  client.removeAllListeners("close");
  listenShared(client, "close", () => heard.push("two"));
  client.emit("close");
  expect(heard).toEqual(["one", "two"]);
});
