import { expect, test } from "vitest";
import { checkDatabaseUrl } from "../harness/database-url.ts";

test("user, password and parameters are left out of the text for messages", () => {
  expect(
    checkDatabaseUrl("postgres://someone:secret@host:5432/shop?password=secret&sslmode=require#secret"),
  ).toBe("postgres://host:5432/shop");
});

test.each([
  "mysql://someone:secret@host/shop",
  "host=127.0.0.1 password=secret",
  "postgres://someone:secret?x@host/shop",
])("%s has another form, and the error shows no part of it", (url) => {
  expect(() => checkDatabaseUrl(url)).toThrow(
    "it must have the form postgres://USER:PASSWORD@HOST:PORT/DATABASE",
  );
  expect(() => checkDatabaseUrl(url)).not.toThrow(/secret/);
});

test.each([
  "postgres://someone:12/34@host/shop",
  "postgres://someone:12?34@host/shop",
  "postgres://someone:12#34@host/shop",
  "postgres://someone:a@12/34@host/shop",
])("%s has a password that is not escaped, and the error shows no part of it", (url) => {
  expect(() => checkDatabaseUrl(url)).toThrow('it has an "@" behind the host; write "/" as %2F');
  expect(() => checkDatabaseUrl(url)).not.toThrow(/12|34/);
});
