import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { startRedisServers } from "quorumlock/testing";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { getAnswer } from "./support/get-answer.ts";

// The built package, in a program that tsc compiles to CommonJS and that plain Node runs, and in both formats at once.

const here = fileURLToPath(new URL("commonjs-app", import.meta.url));
const tsc = fileURLToPath(new URL("../bin/tsc", import.meta.resolve("typescript")));
mkdirSync(join(here, "dist"), { recursive: true });
const out = mkdtempSync(join(here, "dist/run-"));
const servers = await startRedisServers(3);
const urls = servers.map(({ url }) => url);
afterAll(async () => {
  await servers.stop();
  rmSync(out, { recursive: true, force: true });
});

/** Starts a program that prints its address, and returns it. The process is killed when the test ends. */
async function start(program: string): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [program, ...urls], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit").then(([code, signal]) => {
    throw new Error(`the program ended before it printed its address: ${code ?? signal}`);
  });
  exited.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout, "data"), exited])) as [Buffer];
  return { process: child, url: line.toString().trim() };
}

test("two processes of an application in CommonJS exclude each other, and SIGTERM waits for the request and releases its lock", async () => {
  await promisify(execFile)(process.execPath, [tsc, "-p", here, "--outDir", out]);
  const main = join(out, "main.js");
  const [a, b] = await Promise.all([start(main), start(main)]);
  await using redlock = new Redlock(urls, { restartGuard: false });
  const gate = await redlock.acquire("gate:1");

  const first = getAnswer(`${a.url}/orders/1`);
  await Promise.race([untilHeld(redlock, "order:1"), first.then(failEarly)]);
  expect(await getAnswer(`${b.url}/orders/1`)).toMatchObject({ status: 409, body: { code: "LOCK_TIMEOUT" } });

  const exited = once(a.process, "exit");
  a.process.kill("SIGTERM");
  await untilRefused(a.url);
  await gate.release();
  expect(await first).toEqual({ status: 200, body: { isHeld: true, names: ["order:1"] } });
  expect(await exited).toEqual([null, "SIGTERM"]);
  const client = new Redis(servers[0]!.port);
  onTestFinished(() => client.disconnect());
  expect(await client.exists("lock:order:1")).toBe(0);
  expect((await getAnswer(`${b.url}/orders/1`)).status).toBe(200);
});

async function untilHeld(redlock: Redlock, name: string): Promise<void> {
  await expect.poll(async () => (await redlock.query(name)).isHeld).toBe(true);
}

/** Resolves when the server does not listen any more. */
async function untilRefused(url: string): Promise<void> {
  const isRefused = (): Promise<boolean> =>
    getAnswer(`${url}/none`).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED",
    );
  await expect.poll(isRefused).toBe(true);
}

function failEarly(answer: unknown): never {
  throw new Error(`the request ended early: ${JSON.stringify(answer)}`);
}

test("a module of the other format shares the client, the decorator and the current lock", async () => {
  writeFileSync(
    join(out, "library.cjs"),
    `const { Redlock } = require("quorumlock");
     const { currentLock, InjectRedlock, UseLock } = require("@quorumlock/nestjs");
     class Library {
       async run() { return [currentLock().names, (await this.redlock.query("library")).isHeld]; }
     }
     const decorated = Object.getOwnPropertyDescriptor(Library.prototype, "run");
     UseLock("library")(Library.prototype, "run", decorated);
     Object.defineProperty(Library.prototype, "run", decorated);
     InjectRedlock()(Library.prototype, "redlock");
     module.exports = { Library, Redlock, currentLock };`,
  );
  writeFileSync(
    join(out, "main.mjs"),
    `import { createRequire } from "node:module";
     import { Module } from "@nestjs/common";
     import { NestFactory } from "@nestjs/core";
     import { Redlock } from "quorumlock";
     import { QuorumlockModule, UseLock, currentLock } from "@quorumlock/nestjs";
     const library = createRequire(import.meta.url)("./library.cjs");
     class AppModule {}
     Module({
       imports: [QuorumlockModule.forRoot({ redlock: Redlock.memory() })],
       providers: [library.Library],
     })(AppModule);
     const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
     console.log(JSON.stringify({
       differentClasses: Redlock !== library.Redlock && currentLock !== library.currentLock,
       sameClient: app.get(Redlock) === app.get(library.Redlock),
       result: await app.get(library.Library).run(),
     }));
     await app.close();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(out, "main.mjs")]);
  expect(JSON.parse(stdout)).toEqual({
    differentClasses: true,
    sameClient: true,
    result: [["library"], true],
  });
});

test("the package loads without @nestjs/terminus", async () => {
  // The loader does not find the package.
  const program = `
    const Module = require("node:module");
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (name, ...rest) {
      if (name.startsWith("@nestjs/terminus")) throw new Error("not installed");
      return resolve.call(this, name, ...rest);
    };
    const { RedlockHealthIndicator } = require("@quorumlock/nestjs");
    console.log(typeof RedlockHealthIndicator);`;
  writeFileSync(join(out, "without.cjs"), program);
  const { stdout } = await promisify(execFile)(process.execPath, [join(out, "without.cjs")]);
  expect(stdout.trim()).toBe("function");
});
