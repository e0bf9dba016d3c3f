import { expect, test } from "vitest";
import { redact, redactUrl } from "../../src/base/redact.ts";
import { toSafeError } from "../../src/base/safe-error.ts";

test("a copy has the name, the message, the code and the stack, and nothing of the command", () => {
  const original = Object.assign(new Error("WRONGPASS"), {
    code: "E1",
    command: { name: "auth", args: ["secret"] },
    previousErrors: [new Error("secret")],
  });
  original.name = "ReplyError";
  const copy = toSafeError(original);
  const { name, message, stack } = copy;
  expect({ name, message, stack }).toEqual({
    name: "ReplyError",
    message: "WRONGPASS",
    stack: original.stack,
  });
  expect(copy).toHaveProperty("code", "E1");
  expect(Object.getOwnPropertyNames(copy).toSorted()).toEqual(["code", "message", "name", "stack"]);
  expect(toSafeError(copy)).toBe(copy);
});

test("an AggregateError without a message gets the messages of its errors", () => {
  const refused = ["::1", "127.0.0.1"].map((host) =>
    Object.assign(new Error(`connect ECONNREFUSED ${host}:1`), { command: "secret" }),
  );
  const copy = toSafeError(new AggregateError(refused)) as AggregateError;
  expect(copy.message).toBe("connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1");
  expect(copy.errors).toHaveLength(2);
  expect(copy.errors[0]).not.toHaveProperty("command");
});

test("causes are copied, also a cause that refers to itself", () => {
  const error = new Error("a", { cause: Object.assign(new Error("b"), { command: "secret" }) });
  expect(toSafeError(error).cause).toMatchObject({ message: "b" });
  expect(toSafeError(error).cause).not.toHaveProperty("command");
  const circular = new Error("c");
  circular.cause = circular;
  expect(toSafeError(circular).message).toBe("c");
});

test("passwords in texts are replaced", () => {
  expect(redact("ENOTFOUND redis://u:p@ss@host:1 x@y")).toBe("ENOTFOUND redis://***@host:1 x@y");
  expect(redact("redis://h?db=1&password=p&x=2")).toBe("redis://h?db=1&password=***&x=2");
  expect(redact("ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'u' 'p' ")).toBe(
    "ERR unknown command 'HELLO'",
  );
  expect(redactUrl("u:p/x@h")).toBe("***@h");
});
