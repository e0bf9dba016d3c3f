import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { identify } from "../../src/operations/identify.ts";

/** An object with the interface of an ioredis client, but without its internals, like a wrapper or a mock. */
class Lookalike extends EventEmitter {
  readonly status = "ready";
  readonly options = {};
  readonly calls: string[] = [];

  eval(_script: string, keys: string): Promise<unknown> {
    this.calls.push(`eval ${keys}`);
    return Promise.resolve(1);
  }

  evalsha(sha: string, keys: string): Promise<unknown> {
    if (sha === "") return Promise.reject(new Error("NOSCRIPT No matching script"));
    this.calls.push(`evalsha ${keys}`);
    return Promise.resolve(2);
  }

  duplicate(): Lookalike {
    return this;
  }

  disconnect(): void {}
}

test("an object with only the interface of ioredis encodes its calls itself, and causes no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const collect = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", collect);
  const client = new Lookalike();
  const instance = new IoredisInstance(client as never);
  const runRequest = () => instance.run([identify()]);
  expect([await runRequest(), await runRequest()]).toEqual([[1], [2]]);
  expect(client.calls).toEqual(["eval 0", "evalsha 0"]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", collect);
  expect(unhandled).toEqual([]);
});
