import assert from "node:assert/strict";
import { type Case, type Granted, neverCalled, rejectsAs, Request } from "../case-tools.ts";

const HALF = "\uD800";

/** Which names there are. The names of these cases cannot be those of the case alone, so each runs its callback and ends. */
export const nameCases: readonly Case[] = [
  {
    title: "a name is any text: empty, with a zero character, or with half a surrogate pair",
    async run(locks, name) {
      for (const each of [
        "",
        `${name}\u0000`,
        HALF,
        "\uDC00",
        `\uDC00${HALF}`,
        "\uFFFF",
        "~odd",
        "{tag}",
        'a "quoted" \\ one',
      ])
        await locks.request(each, (lock: Granted) => assert.equal(lock.name, each));
    },
  },
  {
    title: "texts that are not well-formed keep their names apart",
    async run(locks) {
      const half = new Request(locks, HALF);
      await half.granted;
      await locks.request("\uFFFD", (lock: Granted) => assert.equal(lock.name, "\uFFFD"));
      await locks.request(String.raw`\ud800`, (lock: Granted) => assert.equal(lock.name, String.raw`\ud800`));
      half.release();
      await half.done;
    },
  },
  {
    title: "a name that begins with a hyphen is refused, and a hyphen later is not",
    async run(locks, name) {
      for (const each of ["-", "-foo"])
        await rejectsAs("NotSupportedError", locks.request(each, neverCalled));
      assert.equal(await locks.request(`x-${name}`, () => 1), 1);
    },
  },
  {
    title: "a name becomes a text",
    async run(locks) {
      assert.equal(await locks.request(undefined, (lock: Granted) => lock.name), "undefined");
      assert.equal(await locks.request(42, (lock: Granted) => lock.name), "42");
      await rejectsAs("TypeError", locks.request(Symbol("a"), neverCalled));
    },
  },
];
