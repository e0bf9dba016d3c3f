import { expect, test } from "vitest";
import { Connection } from "../../src/instances/connection.ts";

function connection(isOpen: boolean): { connection: Connection; heard: string[] } {
  const heard: string[] = [];
  const listener = {
    onConnected: () => void heard.push("connected"),
    onDisconnected: ({ message }: Error) => void heard.push(message),
  };
  return { connection: new Connection(listener, isOpen), heard };
}

test("the first connection opens, breaks, and opens again", () => {
  const { connection: one, heard } = connection(false);
  one.onOpened();
  one.onBroken(new Error("reset"));
  one.onBroken(new Error("refused"));
  one.onOpened();
  expect(heard).toEqual(["connected", "reset", "refused", "connected"]);
});

test.each([[true], [false]])(
  "a connection that opens without a break replaces the former one (open at first: %s)",
  (isOpen) => {
    const { connection: one, heard } = connection(isOpen);
    if (!isOpen) one.onOpened();
    heard.length = 0;
    one.onOpened();
    expect(heard).toEqual(["the connection was replaced by another one", "connected"]);
  },
);
