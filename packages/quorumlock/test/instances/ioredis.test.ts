import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { request } from "../../src/operations/request.ts";

/** Has the calls of an ioredis client and none of its inside, as a wrapper or a mock. */
class Lookalike extends EventEmitter {
  readonly status = "ready";
  readonly options = {};
  readonly asked: string[] = [];

  eval(_script: string, keys: string): Promise<unknown> {
    this.asked.push(`eval ${keys}`);
    return Promise.resolve(1);
  }

  evalsha(sha: string, keys: string): Promise<unknown> {
    if (sha === "") return Promise.reject(new Error("NOSCRIPT No matching script"));
    this.asked.push(`evalsha ${keys}`);
    return Promise.resolve(2);
  }

  duplicate(): Lookalike {
    return this;
  }

  disconnect(): void {}
}

test("what only looks like ioredis encodes its calls itself, and leaves no rejection behind", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const client = new Lookalike();
  const instance = new IoredisInstance(client as never);
  const ask = () => instance.run([request("op", ["k"], 0, [])]);
  expect([await ask(), await ask()]).toEqual([[1], [2]]);
  expect(client.asked).toEqual(["eval 1", "evalsha 1"]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
