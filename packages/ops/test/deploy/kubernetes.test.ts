import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  copyWithSecrets,
  type KubernetesObject,
  parseObjects,
  render,
  schemaProblems,
} from "./support/kubernetes-objects.ts";
import { RULES } from "./support/kubernetes-rules.ts";
import { ensure, read, ROOT } from "./support/repository.ts";
import { brokenRules } from "./support/safety-rules.ts";

// deploy/kubernetes as `kubectl apply -k` sends it: rendered by kubectl.

const kubectl = ensure("kubectl");
let directory: string;
let text: string;
let objects: readonly KubernetesObject[];

describe.skipIf(kubectl === undefined)("the overlay of production", () => {
  beforeAll(async () => {
    directory = await copyWithSecrets();
    text = render(kubectl ?? "", join(directory, "kubernetes/overlays/production"));
    objects = parseObjects(text);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("has what the deployment consists of, in one namespace", () => {
    expect(objects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        "ConfigMap",
        "CronJob",
        "Deployment",
        "Namespace",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Secret",
        "Service",
        "ServiceMonitor",
        "StatefulSet",
      ]),
    );
    const elsewhere = objects.filter(
      ({ kind, metadata }) =>
        !["Namespace", "ClusterRole", "ClusterRoleBinding"].includes(kind) && metadata.namespace !== "locks",
    );
    expect(elsewhere).toEqual([]);
  });

  test("follows the schemas of Kubernetes, which refuse unknown keys and values", () => {
    expect(objects.flatMap(schemaProblems)).toEqual([]);
    const wrong = (before: RegExp, after: string): readonly string[] =>
      parseObjects(text.replace(before, after)).flatMap(schemaProblems);
    expect(wrong(/minReadySeconds/, "minReadySecond")).toEqual([
      "StatefulSet lock-server: /spec/minReadySecond is not a known key",
    ]);
    expect(wrong(/livenessProbe/, "livenessprobe").join()).toMatch(/livenessprobe is not a known key/);
    expect(wrong(/podManagementPolicy: Parallel/, "podManagementPolicy: AtOnce").join()).toMatch(
      /podManagementPolicy/,
    );
    expect(wrong(/replicas: 5/, 'replicas: "5"').join()).toMatch(/replicas/);
    expect(wrong(/concurrencyPolicy: Forbid/, "concurrencyPolicy: Never").join()).toMatch(
      /concurrencyPolicy/,
    );
  });

  test("names only objects that exist", () => {
    const names = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const used = objects.flatMap((object) => referencesOf(object));
    expect(used.length).toBeGreaterThanOrEqual(8);
    expect(used.filter((each) => !names.has(each))).toEqual([]);
  });

  test("keeps the settings that make it safe", () => {
    expect(brokenRules(RULES, objects)).toEqual([]);
  });

  test.each(RULES)("$name: a deployment without it is found", ({ name, breaks }) => {
    expect(breaks.length).toBeGreaterThan(0);
    for (const breakIt of breaks) {
      const changed = structuredClone(objects);
      breakIt(changed);
      expect(brokenRules(RULES, changed)).toContain(name);
    }
  });

  test("the monitor and the job know all servers by their own names", () => {
    const configs = objects.filter(({ data }) => typeof data?.["config.yaml"] === "string");
    expect(configs).toHaveLength(2);
    for (const { data } of configs)
      for (const ordinal of [0, 1, 2, 3, 4])
        expect(data["config.yaml"]).toContain(`redis://lock-server-${ordinal}.lock-server:6379`);
  });

  test("the password of the administrator stays outside", () => {
    const keys = objects
      .filter(({ kind }) => kind === "Secret")
      .flatMap(({ data }) => Object.keys(data as Record<string, string>));
    expect(keys.toSorted()).toEqual([
      "locker_password",
      "monitor_read_token",
      "monitor_release_token",
      "operator_password",
      "users.acl",
    ]);
  });

  test("without secrets there is no deployment, and the message names the file", async () => {
    const copy = await copyWithSecrets();
    onTestFinished(() => rmSync(copy, { recursive: true }));
    const overlay = join(copy, "kubernetes/overlays/production");
    rmSync(join(overlay, "secrets"), { recursive: true });
    expect(() => render(kubectl ?? "", overlay)).toThrow(/secrets\/users\.acl/);
  });
});

test("the rights of deploy/kubernetes/rbac follow the schemas, and give no access to everything", () => {
  const files = readdirSync(`${ROOT}deploy/kubernetes/rbac`).filter((name) => name.endsWith(".yaml"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const rights = parseObjects(read(`deploy/kubernetes/rbac/${file}`));
    expect(rights.flatMap(schemaProblems)).toEqual([]);
    expect(JSON.stringify(rights)).not.toContain('"*"');
  }
});

/** The secrets and configurations that an object names. */
function referencesOf(object: unknown): readonly string[] {
  if (typeof object !== "object" || object === null) return [];
  return Object.entries(object).flatMap(([key, value]: [string, unknown]) => {
    const { name, secretName } = (value ?? {}) as { readonly name?: string; readonly secretName?: string };
    if (key === "configMap") return [`ConfigMap ${name}`];
    if (key === "secret") return [`Secret ${name ?? secretName}`];
    if (key === "credentials") return [`Secret ${name}`];
    return referencesOf(value);
  });
}
