import { type ArgumentsHost, Logger } from "@nestjs/common";
import { ExecutionContextHost } from "@nestjs/core/helpers/execution-context-host.js";
import type { HttpAdapterHost } from "@nestjs/core";
import { LockClosedError, type LockError, LockTimeoutError } from "quorumlock";
import { lastValueFrom, type Observable } from "rxjs";
import { describe, expect, test, vi } from "vitest";
import { LockExceptionFilter } from "../src/index.ts";

// What the filter does with errors outside of HTTP.

const busy = new LockTimeoutError(["secret-name"], 1, undefined, []);

function hostOf(type: string, ...args: unknown[]): ArgumentsHost {
  const host = new ExecutionContextHost(args);
  host.setType(type);
  return host;
}
const handle = (lockError: LockError, host: ArgumentsHost): unknown =>
  new LockExceptionFilter({} as HttpAdapterHost).catch(lockError, host);

describe("in a gateway", () => {
  test.each([
    [busy, "LOCK_TIMEOUT", "the resource is locked; try again later"],
    [new LockClosedError(["a"]), "LOCK_CLOSED", "no lock can be granted now; try again later"],
  ])("the client gets the event `exception`, %#", (error, code, message) => {
    Logger.overrideLogger(false);
    const emit = vi.fn<(event: string, body: object) => void>();
    expect(handle(error, hostOf("ws", { emit }, {}))).toBeUndefined();
    expect(emit.mock.calls).toEqual([["exception", { status: "error", code, message }]]);
  });
});

test("in a microservice, the result is an Observable with the error", async () => {
  await expect(lastValueFrom(handle(busy, hostOf("rpc")) as Observable<never>)).rejects.toBe(busy);
});

test("in GraphQL, the error is thrown as it is", () => {
  expect(() => handle(busy, hostOf("graphql"))).toThrow(busy);
});
