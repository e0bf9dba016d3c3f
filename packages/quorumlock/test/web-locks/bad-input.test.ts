import { describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { webLocks } from "../../src/web-locks/index.ts";
import { rejection } from "../support/timing.ts";
import type { Locks } from "./case-tools.ts";

/** The arguments of a request, and the name and the message of its exception. */
const REFUSED: readonly (readonly [
  what: string,
  given: readonly unknown[],
  name: string,
  message: RegExp,
])[] = [
  ["an unknown option", ["a", { timeout: 5 }, () => 1], "TypeError", /timeout: there is no such option/],
  ["an option of webLocks", ["a", { ttl: 5 }, () => 1], "TypeError", /ttl: .* an option of `webLocks`/],
  [
    "a misspelled option",
    ["a", { ifAvailabel: true }, () => 1],
    "TypeError",
    /`ifAvailable` is probably meant/,
  ],
  ["options that are no object", ["a", 5, () => 1], "TypeError", /options: 5 must be an object/],
  ["a mode", ["a", { mode: "read" }, () => 1], "TypeError", /mode: "read" must be "exclusive" or "shared"/],
  ["a missing callback", ["a", {}], "TypeError", /callback an object \(Object\) must be a function/],
  ["a signal", ["a", { signal: {} }, () => 1], "TypeError", /signal: .* must be an AbortSignal/],
  ["a hyphen", ["-a", () => 1], "NotSupportedError", /name: "-a" begins with "-"/],
  ["a long name", ["a".repeat(1_025), () => 1], "NotSupportedError", /1025 characters are too many/],
  [
    "steal of shared",
    ["a", { steal: true, mode: "shared" }, () => 1],
    "NotSupportedError",
    /needs the mode "exclusive"/,
  ],
];

describe("bad input", () => {
  const redlock = Redlock.memory();
  const locks = webLocks(redlock);
  const request = (...given: readonly unknown[]): Promise<unknown> => (locks as Locks).request(...given);

  test.each(REFUSED)("%s is refused", async (_, given, name, message) => {
    expect(await rejection(request(...given))).toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  test("a refused combination is named before an aborted signal, as in the standard", async () => {
    const signal = AbortSignal.abort();
    expect(await rejection(locks.request("-a", { signal }, () => 1))).toMatchObject({
      name: "NotSupportedError",
    });
    expect(await rejection(locks.request("a", { signal, steal: true }, () => 1))).toMatchObject({
      name: "NotSupportedError",
    });
  });

  test("of webLocks and of query is refused", async () => {
    expect(() => webLocks({} as never)).toThrow(/must be a Redlock/);
    expect(() => webLocks(redlock, { ttl: -1 })).toThrow(RangeError);
    expect(() => webLocks(redlock, { wait: -1 })).toThrow(RangeError);
    expect(() => webLocks(redlock, { prefix: "~a" })).toThrow(/prefix: "~a" begins with "~"/);
    expect(() => webLocks(redlock, { steal: true } as never)).toThrow(/steal: .* an option of `request`/);
    expect(() => webLocks(redlock, { mode: "shared" } as never)).toThrow(TypeError);
    expect(await rejection(locks.query({ names: "a" } as never))).toBeInstanceOf(TypeError);
    expect(await rejection(locks.query({ names: [1] } as never))).toBeInstanceOf(TypeError);
    expect(await rejection(locks.query({ name: "a" } as never))).toMatchObject({
      message: /`names` is probably meant/,
    });
  });
});
