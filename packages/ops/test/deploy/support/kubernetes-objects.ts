import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dumpYaml, loadYaml } from "@kubernetes/client-node";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import { ClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import { Role } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import { RoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Secret } from "kubernetes-models/v1/Secret";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { parse, parseAllDocuments, stringify } from "yaml";
import { makeSecrets, ROOT } from "./repository.ts";

/** An object of Kubernetes as YAML has it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- the schema decides about its form
  readonly [key: string]: any;
}

const SCHEMAS = new Map<string, new (data: never) => { validate(): void }>(
  [
    ServiceMonitor,
    StatefulSet,
    Deployment,
    CronJob,
    NetworkPolicy,
    PodDisruptionBudget,
    ClusterRole,
    ClusterRoleBinding,
    Role,
    RoleBinding,
    ConfigMap,
    Namespace,
    Secret,
    Service,
    ServiceAccount,
  ].map((schema) => [`${schema.apiVersion} ${schema.kind}`, schema] as const),
);

export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
}

/** kubectl wraps long values of secrets, which servers accept and the schema does not. */
function withoutLineBreaks(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Secret") return object;
  const data = Object.entries(object.data as Record<string, string>).map(([key, value]) => [
    key,
    value.replaceAll("\n", ""),
  ]);
  return { ...object, data: Object.fromEntries(data) as Record<string, string> };
}

/**
 * What the schemas of Kubernetes say about an object. Required fields, types and allowed values come from kubernetes-models. Unknown
 * keys are those that the official client does not keep: an API server drops them with a mere warning.
 */
export function schemaProblems(object: KubernetesObject): readonly string[] {
  const title = `${object.kind} ${object.metadata.name}`;
  const schema = SCHEMAS.get(`${object.apiVersion} ${object.kind}`);
  if (schema === undefined) return [`${title}: no schema of ${object.apiVersion}`];
  const problems: string[] = [];
  try {
    new schema(withoutLineBreaks(object) as never).validate();
  } catch (error) {
    problems.push(`${title}: ${(error as Error).message}`);
  }
  // The official client has no types of what operators add.
  if (object.apiVersion.startsWith("monitoring.coreos.com/")) return problems;
  const kept = parse(dumpYaml(loadYaml(stringify(object)))) as unknown;
  return [...problems, ...lostKeys(object, kept).map((path) => `${title}: ${path} is not a known key`)];
}

function lostKeys(before: unknown, after: unknown, path = ""): readonly string[] {
  if (typeof before !== "object" || before === null) return [];
  return Object.entries(before).flatMap(([key, value]) => {
    const rest: unknown = typeof after === "object" && after !== null ? Reflect.get(after, key) : undefined;
    return rest === undefined ? [`${path}/${key}`] : lostKeys(value, rest, `${path}/${key}`);
  });
}

/** A copy of deploy/ with secrets for the overlay. The caller removes it. */
export async function copyWithSecrets(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-deploy-"));
  cpSync(`${ROOT}deploy`, directory, { recursive: true, filter: (path) => !path.endsWith("/secrets") });
  await makeSecrets(join(directory, "kubernetes/overlays/production/secrets"));
  return directory;
}

export function render(kubectl: string, directory: string): string {
  return execFileSync(kubectl, ["kustomize", directory], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
