import { existsSync, readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { startRedisServer } from "../../src/testing/index.ts";
import { isProgram, readBlocks, root, titleOf } from "./blocks.ts";

// The blocks of the docs that are no programs: commands of a shell, SQL, and the compose file that the README names.

const readText = (path: string): string => readFileSync(new URL(path, root), "utf8");
const manifest = (path: string): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  JSON.parse(readText(`${path}/package.json`)) as Readonly<Record<string, Record<string, string>>>;

const compose = readCompose();
const blocks = readBlocks();
const others = blocks.filter((block) => !isProgram(block));
const named = (language: string) =>
  others
    .filter((block) => block.language === language && block.notRun === undefined)
    .map((block) => [titleOf(block), block] as const);

test("every block of the docs has a language that a test runs", () => {
  expect(blocks.length).toBeGreaterThan(20);
  // integration/acl.test.ts runs the commands of an ACL.
  const unknown = others.filter(
    ({ language, notRun }) => !["sh", "sql", "acl"].includes(language) && notRun === undefined,
  );
  expect(unknown.map((block) => `${titleOf(block)}: ${block.language}`)).toEqual([]);
});

describe("commands of a shell", () => {
  const scripts = Object.keys(manifest(".")["scripts"] ?? {});
  const devDependencies = ["packages/quorumlock", "packages/eslint-plugin"].flatMap((directory) =>
    Object.keys(manifest(directory)["devDependencies"] ?? {}),
  );
  const packages = new Set([
    "quorumlock",
    "@quorumlock/ops",
    "@quorumlock/nestjs",
    "@quorumlock/eslint-plugin",
    ...devDependencies,
  ]);
  const files = [...readText("README.md").matchAll(/Save this as `(.*?)`/g)].map(([, name]) => name ?? "");

  /** What is wrong with a command. `undefined` if it can run. */
  async function problemOf(command: string): Promise<string | undefined> {
    const [program = "", first = "", ...more] = command.split(/ +/);
    const missing = (name: string | undefined, list: Iterable<string>): string | undefined =>
      [...list].includes(name ?? "") ? undefined : `${name} does not exist`;
    switch (program === "npm" || program === "docker" ? `${program} ${first}` : program) {
      case "npm run":
        return missing(more[0], scripts);
      case "npm test":
        return missing("test", scripts);
      case "npm pack":
        return existsSync(new URL(`${more[1]}/package.json`, root)) ? undefined : `${more[1]} is no package`;
      case "npm ci":
        return existsSync(new URL("package-lock.json", root)) ? undefined : "there is no lock file";
      case "npm install":
        return more
          .filter((name) => !["--global", "--save-dev"].includes(name))
          .map((name) => missing(name, packages))
          .find((problem) => problem !== undefined);
      case "docker compose":
        return existsSync(new URL("compose.yaml", root)) ? undefined : "there is no compose file";
      case "docker run":
        return runServer(more.slice(more.indexOf("redis-server") + 1));
      case "node":
        return missing(first, files);
      case "redis-server":
        return runServer([first, ...more]);
      default:
        return "no test knows this command";
    }
  }

  /** Runs a server with the options of the docs, on a port and in a directory of the test. */
  async function runServer(args: readonly string[]): Promise<string | undefined> {
    const isOwn = (index: number): boolean => ["--port", "--dir"].includes(args[index] ?? "");
    const options = args.filter((_, index) => !isOwn(index) && !isOwn(index - 1));
    if (options.join(" ") !== compose.options) return `compose.yaml has other options: ${compose.options}`;
    await using server = await startRedisServer({ args: options });
    const client = new Redis(server.port);
    const reply = (await client.config("GET", "appendfsync")) as readonly string[];
    client.disconnect();
    return reply[1] === "always" ? undefined : `appendfsync is ${reply[1]}`;
  }

  test.each(named("sh"))("%s", async (_, { code }) => {
    const commands = code
      .replaceAll('"$(mktemp -d)"', "directory")
      .split("\n")
      .flatMap((line) => line.replace(/ +# .*$/, "").split("&&"))
      .map((command) => command.trim())
      .filter((command) => command !== "");
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands)
      expect({ command, problem: await problemOf(command) }).toEqual({ command, problem: undefined });
  });
});

test("the compose file has the servers of the programs, and keeps what they write", () => {
  const { services, volumes } = compose.file;
  expect(Object.keys(services)).toHaveLength(3);
  const ports = Object.values(services).map((service) => service.ports[0]?.split(":")[1]);
  const used = new Set(blocks.flatMap(({ code }) => code.match(/(?<=redis:\/\/localhost:)\d+/g) ?? []));
  expect([...used].toSorted()).toEqual(ports);
  for (const service of Object.values(services)) expect(service.volumes[0]).toMatch(/:\/data$/);
  expect(Object.keys(volumes)).toHaveLength(3);
});

describe("SQL", () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec(
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text, fence bigint NOT NULL DEFAULT 0)",
    );
  });
  afterAll(() => database.close());

  test.each(named("sql"))("%s rejects the write of an earlier holder, in PostgreSQL", async (_, { code }) => {
    await database.exec("TRUNCATE orders; INSERT INTO orders (id) VALUES (42)");
    const write = async (state: string, fence: number): Promise<number | undefined> =>
      (await database.query(code.replace(/--.*/g, ""), [state, fence, 42])).affectedRows;
    const [earlier, later] = [1_763_000_000_000_001, 1_763_000_000_000_002];
    expect(await write("paid", later)).toBe(1);
    expect(await write("cancelled by an earlier holder", earlier)).toBe(0);
    const { rows } = await database.query("SELECT state, fence::text FROM orders");
    expect(rows).toEqual([{ state: "paid", fence: String(later) }]);
  });
});

/** compose.yaml, and the options that it passes to its servers. */
function readCompose() {
  interface Service {
    readonly command: string;
    readonly ports: readonly string[];
    readonly volumes: readonly string[];
  }
  const file = parse(readText("compose.yaml"), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly volumes: Readonly<Record<string, unknown>>;
  };
  const [options = "", ...rest] = new Set(
    Object.values(file.services).map(({ command }) => command.replace(/^\S+ /, "")),
  );
  expect(rest).toEqual([]);
  return { file, options };
}
