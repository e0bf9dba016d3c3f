import { expect, test } from "vitest";
import { parseRecords } from "../src/records.ts";

const line = '{"at":1,"hand":"1.0","event":"lost","lock":1}\n';

test("a last line that a killed worker did not finish is left out, any other has to parse", () => {
  expect(parseRecords(`${line}{"at":2,"ha`)).toEqual([{ at: 1, hand: "1.0", event: "lost", lock: 1 }]);
  expect(parseRecords("")).toEqual([]);
  expect(() => parseRecords(`{"at":\n${line}`)).toThrow(SyntaxError);
});
