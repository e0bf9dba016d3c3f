import { expect, test } from "vitest";
import { readRestError } from "../../src/instances/rest-errors.ts";

const SECRET = "s3cret-t0ken";

/** The error of this `fetch` for a header. */
async function errorFor(authorization: string): Promise<unknown> {
  return fetch("http://127.0.0.1:1", { headers: { authorization } }).catch((error: unknown) => error);
}

test.each([`Bearer ${SECRET}\nx`, `Bearer x\n${SECRET}`, `Bearer \u6f22 ${SECRET}`])(
  "a token that is no valid header appears in no message: %j",
  async (authorization) => {
    const { kind, error } = readRestError(await errorFor(authorization));
    expect(kind).toBe("lost");
    expect(error.message).toContain("check the url and the token");
    expect(error.message).not.toContain(SECRET);
  },
);

test("a client that quotes the token in an error of its own", () => {
  const cause = new Error(`the header "Bearer ${SECRET} more" is bad\n${SECRET}`);
  for (const thrown of [cause, Object.assign(new TypeError("fetch failed"), { cause })]) {
    const { message } = readRestError(thrown).error;
    expect(message).toContain('the header "Bearer ***" is bad');
    expect(message).not.toContain(SECRET);
  }
});

test("an error of the server keeps its first line, without the command", () => {
  const { kind, error } = readRestError(new Error(`NOPERM no, command was: ["EVAL","${SECRET}"]`));
  expect([kind, error.message]).toEqual(["refused", "NOPERM no"]);
});
