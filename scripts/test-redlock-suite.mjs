#!/usr/bin/env node
// Runs the test suite of the package `redlock` 5 against the drop-in `quorumlock/compat/redlock`. The files of the suite stay as
// they are: `./index.js`, which they import, is the drop-in, and the hosts that they connect to are servers of this script.
//
//   npm run test:redlock-suite -- PATH      PATH: a checkout of https://github.com/mike-marcacci/node-redlock
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { startRedisCluster, startRedisServer } from "../packages/quorumlock/dist/testing/index.js";

/** The suite was written for version 4. Version 6 waits for the connections that the suite leaves open. */
const AVA = "ava@5.3.1";
const SINGLE_SERVERS = [
  "redis-single-instance",
  "redis-multi-instance-a",
  "redis-multi-instance-b",
  "redis-multi-instance-c",
];
const CLUSTERS = [
  "redis-single-cluster-1",
  "redis-multi-cluster-a-1",
  "redis-multi-cluster-b-1",
  "redis-multi-cluster-c-1",
];

const workspace = fileURLToPath(new URL("..", import.meta.url));
const [given] = process.argv.slice(2);
const sources = given === undefined ? undefined : join(resolve(given), "src");
const tests = sources !== undefined && existsSync(sources) ? readdirSync(sources).filter(isTest) : [];
if (tests.length === 0) {
  console.error(
    `${given ?? "no path"}: there is no src/*.test.ts; give the path of a checkout: git clone https://github.com/mike-marcacci/node-redlock`,
  );
  process.exit(1);
}

const project = mkdtempSync(join(tmpdir(), "quorumlock-redlock-suite-"));
const servers = [];
try {
  writeProject();
  writeFileSync(join(project, "redirect.mjs"), redirectTo(await startServers()));
  process.exitCode = await runAva();
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(project, { recursive: true, force: true });
}

function isTest(name) {
  return name.endsWith(".test.ts");
}

/** The suite without its types, the drop-in in the place of its index, and the packages that it imports. */
function writeProject() {
  const config = { files: ["*.test.js"], workerThreads: false, timeout: "2m" };
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ private: true, type: "module", ava: config }),
  );
  const install = ["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", AVA];
  const { status } = spawnSync("npm", install, { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`npm could not install ${AVA}`);
  for (const test of tests) {
    const { code } = transformSync(readFileSync(join(sources, test), "utf8"), {
      loader: "ts",
      target: "node20",
    });
    writeFileSync(join(project, test.replace(/ts$/, "js")), code);
  }
  writeFileSync(
    join(project, "index.js"),
    'export { default, ExecutionError, Lock, ResourceLockedError } from "quorumlock/compat/redlock";\n',
  );
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(join(workspace, "packages/quorumlock"), join(project, "node_modules/quorumlock"));
  symlinkSync(join(workspace, "node_modules/ioredis"), join(project, "node_modules/ioredis"));
}

/** Starts all servers. Returns the port for each host of the suite. */
async function startServers() {
  const ports = {};
  for (const host of SINGLE_SERVERS) {
    const server = await startRedisServer();
    servers.push(server);
    ports[host] = server.port;
  }
  for (const host of CLUSTERS) {
    const cluster = await startRedisCluster();
    servers.push(cluster);
    ports[host] = cluster.nodes[0].port;
  }
  return ports;
}

/**
 * A module that leads the connections of a process to these ports. Each host has an address of its own, because a cluster client
 * resolves the name first. Nothing listens on port 6379, to which a test of an unreachable server connects.
 */
function redirectTo(ports) {
  const hosts = Object.entries(ports).map(([host, port], index) => [host, `127.77.0.${index + 1}`, port]);
  return `
import dns from "node:dns";
import net from "node:net";
import { syncBuiltinESMExports } from "node:module";
const hosts = ${JSON.stringify(hosts)};
const { lookup } = dns;
const { createConnection } = net;
dns.lookup = (name, ...rest) => {
  const known = hosts.find(([host]) => host === name);
  if (known === undefined) return lookup(name, ...rest);
  const callback = rest.at(-1);
  const isAll = typeof rest[0] === "object" && rest[0].all === true;
  process.nextTick(() => isAll ? callback(null, [{ address: known[1], family: 4 }]) : callback(null, known[1], 4));
};
net.createConnection = net.connect = (options, ...rest) => {
  if (typeof options !== "object") return createConnection(options, ...rest);
  const known = hosts.find(([host, address]) => [host, address].includes(options.host));
  if (known !== undefined) return createConnection({ ...options, host: "127.0.0.1", port: known[2] }, ...rest);
  const isClosed = options.port === 6379;
  return createConnection(isClosed ? { ...options, port: 1 } : options, ...rest);
};
syncBuiltinESMExports();
`;
}

function runAva() {
  const redirect = pathToFileURL(join(project, "redirect.mjs")).href;
  const env = { ...process.env, NODE_OPTIONS: `--import=${redirect}` };
  const ava = spawn(process.execPath, [join(project, "node_modules/ava/entrypoints/cli.mjs")], {
    cwd: project,
    env,
    stdio: "inherit",
  });
  return new Promise((done) => ava.on("close", (code) => done(code ?? 1)));
}
