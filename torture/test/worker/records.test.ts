import { expect, test } from "vitest";
import { parseRecords } from "../../src/worker/records.ts";

const line = '{"at":1,"worker":"1.0","event":"lost","lockId":1}\n';

test("ignores an incomplete last line, and rejects any other invalid line", () => {
  expect(parseRecords(`${line}{"at":2,"wo`)).toEqual([{ at: 1, worker: "1.0", event: "lost", lockId: 1 }]);
  expect(parseRecords("")).toEqual([]);
  expect(() => parseRecords(`{"at":\n${line}`)).toThrow(SyntaxError);
});
