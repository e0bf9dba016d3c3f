import { expect, test } from "vitest";
import { safeText } from "../../src/observe/safe-text.ts";

const DIGITS = "0123456789abcdef".repeat(2);

test("a text keeps the first 8 digits of each token, and no password", () => {
  expect(safeText(`held by ${DIGITS}@host:1, before by ${DIGITS}`)).toBe(
    "held by 01234567…@host:1, before by 01234567…",
  );
  expect(safeText(`value_${DIGITS}_x of redis://user:secret@host`)).toBe(
    "value_01234567…_x of redis://***@host",
  );
});

test("a longer or shorter number is no token", () => {
  for (const text of [`${DIGITS}0`, DIGITS.slice(1), "order:42"]) expect(safeText(text)).toBe(text);
});
