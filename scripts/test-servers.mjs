// Runs the tests of the library on each server in QUORUMLOCK_REDIS_SERVERS, a list of paths that is separated like PATH.
// Arguments are passed on to vitest, for example the tests to run.
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";

const servers = (process.env.QUORUMLOCK_REDIS_SERVERS ?? "").split(delimiter).filter((path) => path !== "");
if (servers.length === 0) {
  console.error("Set QUORUMLOCK_REDIS_SERVERS to the paths of redis-server or valkey-server binaries.");
  process.exit(2);
}
const tests = process.argv.length > 2 ? process.argv.slice(2) : ["packages/quorumlock"];
const failed = servers.filter((server) => {
  const version = spawnSync(server, ["--version"], { encoding: "utf8" });
  if (version.error !== undefined) {
    console.error(`${server}: ${version.error.message}`);
    return true;
  }
  console.log(`\n${server}: ${version.stdout.trim()}`);
  const env = { ...process.env, QUORUMLOCK_REDIS_SERVER: server };
  const { status } = spawnSync("npx", ["vitest", "run", ...tests], { stdio: "inherit", env });
  return status !== 0;
});
console.log(`\n${servers.length - failed.length} of ${servers.length} servers passed`);
process.exit(failed.length === 0 ? 0 : 1);
