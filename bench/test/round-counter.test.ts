import { expect, test } from "vitest";
import { RoundCounter } from "../src/round-counter.ts";
import { partsOf, requestsIn } from "../src/script-requests.ts";

const encode = (...parts: readonly string[]): string =>
  `*${parts.length}\r\n${parts.map((part) => `$${part.length}\r\n${part}\r\n`).join("")}`;

test("the parts of a command, also empty ones and those with line ends", () => {
  expect(partsOf(encode("EVALSHA", "", "a\r\nb", "$3"))).toEqual(["EVALSHA", "", "a\r\nb", "$3"]);
});

test("all requests of a script call", () => {
  const keys = ["k1", "k2", "k3", "k4"];
  // Two requests share their ttl, and the third one has two own arguments.
  const runs = [
    "mutex.acquire",
    "2",
    "1",
    "1",
    "1",
    "10000",
    "t1",
    "t2",
    "modes.commit",
    "1",
    "2",
    "2",
    "0",
    "t3",
    "7",
  ];
  expect(requestsIn(["EVALSHA", "sha", "4", ...keys, ...runs])).toEqual([
    { operation: "mutex.acquire", token: "t1" },
    { operation: "mutex.acquire", token: "t2" },
    { operation: "modes.commit", token: "t3" },
  ]);
  const leave = ["modes.leave", "1", "1", "0", "1", "client"];
  expect(requestsIn(["EVALSHA", "sha", "1", "k1", ...leave])).toEqual([
    { operation: "modes.leave", token: "" },
  ]);
});

test("requests of one round count once, and a label is forgotten when it was read", () => {
  const counter = new RoundCounter();
  for (const round of ["vote 1", "vote 1", "vote 2", "commit 2"]) counter.record("a", round);
  counter.record("b", "vote 3");
  expect(counter.take("a")).toBe(3);
  expect(counter.take("a")).toBe(0);
  expect(counter.take("b")).toBe(1);
});
