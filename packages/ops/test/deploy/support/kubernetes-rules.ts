import type { KubernetesObject } from "./kubernetes-objects.ts";
import type { SafetyRule } from "./safety-rules.ts";

type Objects = readonly KubernetesObject[];

const find = (objects: Objects, kind: string, name: string): KubernetesObject => {
  const found = objects.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new TypeError(`there is no ${kind} ${name}`);
  return found;
};
const servers = (objects: Objects): KubernetesObject => find(objects, "StatefulSet", "lock-server");
const budget = (objects: Objects): KubernetesObject => find(objects, "PodDisruptionBudget", "lock-server");
const service = (objects: Objects): KubernetesObject => find(objects, "Service", "lock-server");
const monitor = (objects: Objects): KubernetesObject => find(objects, "Deployment", "quorumlock-monitor");
const cronJob = (objects: Objects): KubernetesObject => find(objects, "CronJob", "report");
const policy = (objects: Objects, name: string): KubernetesObject => find(objects, "NetworkPolicy", name);

// oxlint-disable typescript/no-explicit-any -- the schemas have checked the form
const podOf = (object: KubernetesObject): any =>
  object.kind === "CronJob" ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec;
const pods = (objects: Objects): any[] => [servers(objects), monitor(objects), cronJob(objects)].map(podOf);
const containers = (objects: Objects): any[] => pods(objects).flatMap((pod) => pod.containers);
const serverOf = (objects: Objects): any => podOf(servers(objects)).containers[0];
const configOf = (objects: Objects): string => {
  const { name } = podOf(servers(objects)).volumes.find((each: any) => each.configMap).configMap;
  return find(objects, "ConfigMap", name).data["server.conf"];
};
const setConfig = (objects: Objects, before: RegExp, after: string): void => {
  const { name } = podOf(servers(objects)).volumes.find((each: any) => each.configMap).configMap;
  const { data } = find(objects, "ConfigMap", name);
  data["server.conf"] = data["server.conf"].replace(before, after);
};
const mebibytes = (text: string): number => Number(/^(\d+)Mi$/.exec(text)?.[1]);
const option = (objects: Objects, name: string): string =>
  cronJob(objects)
    .spec.jobTemplate.spec.template.spec.containers[0].args.find((each: string) =>
      each.startsWith(`--${name}=`),
    )
    .slice(name.length + 3);
const seconds = (text: string): number => Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1);

const SERVER_RULES: readonly SafetyRule<Objects>[] = [
  {
    name: "five servers",
    holds: (all) => servers(all).spec.replicas === 5,
    breaks: [(all) => (servers(all).spec.replicas = 4), (all) => delete servers(all).spec.replicas],
  },
  {
    name: "no server evicts keys",
    holds: (all) => /^maxmemory-policy noeviction$/m.test(configOf(all)),
    breaks: [(all) => setConfig(all, /^maxmemory-policy.*$/m, "maxmemory-policy allkeys-lru")],
  },
  {
    name: "each change is on disk before the reply",
    holds: (all) => /^appendonly yes$/m.test(configOf(all)) && /^appendfsync always$/m.test(configOf(all)),
    breaks: [
      (all) => setConfig(all, /^appendonly yes$/m, ""),
      (all) => setConfig(all, /^appendfsync always$/m, "appendfsync everysec"),
    ],
  },
  {
    name: "a server has twice the memory of its data",
    holds: (all) =>
      mebibytes(serverOf(all).resources.limits.memory) >=
      2 * Number(/^maxmemory (\d+)mb$/m.exec(configOf(all))?.[1]),
    breaks: [
      (all) => (serverOf(all).resources.limits.memory = "256Mi"),
      (all) => setConfig(all, /^maxmemory \d+mb$/m, ""),
      (all) => delete serverOf(all).resources.limits,
    ],
  },
  {
    name: "a busy server is not throttled",
    holds: (all) => serverOf(all).resources.limits.cpu === undefined,
    breaks: [(all) => (serverOf(all).resources.limits.cpu = "500m")],
  },
  {
    name: "one server a node",
    holds: (all) =>
      podOf(servers(all)).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.some(
        (term: any) =>
          term.topologyKey === "kubernetes.io/hostname" &&
          term.labelSelector.matchLabels["app.kubernetes.io/name"] === "lock-server",
      ),
    breaks: [
      (all) => delete podOf(servers(all)).affinity,
      (all) =>
        (podOf(
          servers(all),
        ).affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey = "zone"),
    ],
  },
  {
    name: "servers are spread over three zones",
    holds: (all) => {
      const [spread, ...more] = podOf(servers(all)).topologySpreadConstraints;
      return (
        more.length === 0 &&
        spread.topologyKey === "topology.kubernetes.io/zone" &&
        spread.maxSkew === 1 &&
        spread.minDomains === 3 &&
        spread.whenUnsatisfiable === "DoNotSchedule"
      );
    },
    breaks: [
      (all) => delete podOf(servers(all)).topologySpreadConstraints,
      (all) => (podOf(servers(all)).topologySpreadConstraints[0].maxSkew = 2),
      (all) => delete podOf(servers(all)).topologySpreadConstraints[0].minDomains,
      (all) => (podOf(servers(all)).topologySpreadConstraints[0].whenUnsatisfiable = "ScheduleAnyway"),
    ],
  },
  {
    name: "a drain takes one server at a time",
    holds: (all) =>
      budget(all).spec.maxUnavailable === 1 &&
      budget(all).spec.selector.matchLabels["app.kubernetes.io/name"] ===
        servers(all).spec.template.metadata.labels["app.kubernetes.io/name"],
    breaks: [
      (all) => (budget(all).spec.maxUnavailable = 3),
      (all) => delete budget(all).spec.maxUnavailable,
      (all) => (budget(all).spec.selector.matchLabels["app.kubernetes.io/name"] = "redis"),
    ],
  },
  {
    name: "an update replaces a server only after the one before votes",
    holds: (all) =>
      servers(all).spec.updateStrategy.type === "RollingUpdate" &&
      (servers(all).spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1) === 1 &&
      servers(all).spec.minReadySeconds >= 60 &&
      serverOf(all).readinessProbe !== undefined,
    breaks: [
      (all) => delete servers(all).spec.minReadySeconds,
      (all) => (servers(all).spec.minReadySeconds = 10),
      (all) => (servers(all).spec.updateStrategy = { type: "OnDelete" }),
      (all) => (servers(all).spec.updateStrategy.rollingUpdate = { maxUnavailable: 2 }),
      (all) => delete serverOf(all).readinessProbe,
    ],
  },
  {
    name: "after an outage all servers start at once",
    holds: (all) => servers(all).spec.podManagementPolicy === "Parallel",
    breaks: [(all) => delete servers(all).spec.podManagementPolicy],
  },
  {
    name: "a server that is only slow is not killed",
    holds: (all) => {
      const { livenessProbe: live, startupProbe: start } = serverOf(all);
      return (
        live.periodSeconds * live.failureThreshold >= 180 &&
        live.timeoutSeconds >= 10 &&
        start.periodSeconds * start.failureThreshold >= 300
      );
    },
    breaks: [
      (all) => (serverOf(all).livenessProbe.failureThreshold = 3),
      (all) => (serverOf(all).livenessProbe.timeoutSeconds = 1),
      (all) => delete serverOf(all).startupProbe,
    ],
  },
  {
    name: "probes have no password and notice errors",
    holds: (all) =>
      ["startupProbe", "readinessProbe", "livenessProbe"].every((probe) => {
        const { command } = serverOf(all)[probe].exec;
        return command.join(" ") === "valkey-cli -e --user probe --pass none --no-auth-warning ping";
      }),
    breaks: [(all) => (serverOf(all).readinessProbe.exec.command = ["valkey-cli", "ping"])],
  },
  {
    name: "a server has time to end",
    holds: (all) => podOf(servers(all)).terminationGracePeriodSeconds >= 30,
    breaks: [(all) => (podOf(servers(all)).terminationGracePeriodSeconds = 5)],
  },
  {
    name: "a volume outlives its server",
    holds: (all) => {
      const { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy: kept } = servers(all).spec;
      return (
        volumeClaimTemplates[0].metadata.name === "data" &&
        serverOf(all).volumeMounts.some((each: any) => each.name === "data" && each.mountPath === "/data") &&
        kept.whenDeleted === "Retain" &&
        kept.whenScaled === "Retain"
      );
    },
    breaks: [
      (all) => delete servers(all).spec.volumeClaimTemplates,
      (all) => (servers(all).spec.persistentVolumeClaimRetentionPolicy.whenScaled = "Delete"),
      (all) => (serverOf(all).volumeMounts[0].mountPath = "/tmp"),
    ],
  },
  {
    name: "each server keeps a name of its own",
    holds: (all) =>
      service(all).spec.clusterIP === "None" &&
      service(all).spec.publishNotReadyAddresses === true &&
      servers(all).spec.serviceName === "lock-server",
    breaks: [
      (all) => delete service(all).spec.clusterIP,
      (all) => delete service(all).spec.publishNotReadyAddresses,
      (all) => (servers(all).spec.serviceName = "redis"),
    ],
  },
  {
    name: "servers answer clients and the monitor only, and call nobody",
    holds: (all) => {
      const { spec } = policy(all, "lock-server");
      return (
        spec.policyTypes.join() === "Ingress,Egress" &&
        spec.egress.length === 0 &&
        spec.ingress.length === 1 &&
        spec.ingress[0].from.every(
          ({ podSelector, namespaceSelector }: any) =>
            Object.keys(podSelector.matchLabels).length > 0 &&
            (namespaceSelector === undefined || Object.keys(namespaceSelector.matchLabels ?? {}).length > 0),
        )
      );
    },
    breaks: [
      (all) => delete policy(all, "lock-server").spec.egress,
      (all) => (policy(all, "lock-server").spec.policyTypes = ["Ingress"]),
      (all) => delete policy(all, "lock-server").spec.ingress[0].from,
      (all) => policy(all, "lock-server").spec.ingress[0].from.push({ namespaceSelector: {} }),
      (all) => (policy(all, "lock-server").spec.ingress[0].from[2].namespaceSelector = {}),
    ],
  },
];

export const RULES: readonly SafetyRule<Objects>[] = [
  ...SERVER_RULES,
  {
    name: "what no policy allows is denied",
    holds: (all) => {
      const { spec } = policy(all, "deny-ingress");
      return (
        Object.keys(spec.podSelector).length === 0 &&
        spec.policyTypes.includes("Ingress") &&
        spec.ingress === undefined
      );
    },
    breaks: [(all) => (policy(all, "deny-ingress").spec.ingress = [{}])],
  },
  {
    name: "the cluster refuses pods with more rights",
    holds: (all) =>
      find(all, "Namespace", "locks").metadata.labels?.["pod-security.kubernetes.io/enforce"] ===
      "restricted",
    breaks: [
      (all) => delete find(all, "Namespace", "locks").metadata.labels?.["pod-security.kubernetes.io/enforce"],
    ],
  },
  {
    name: "no process is root, gains rights, or writes to its image",
    holds: (all) =>
      pods(all).every(
        ({ securityContext: pod }) =>
          pod.runAsNonRoot === true && pod.runAsUser > 0 && pod.seccompProfile.type === "RuntimeDefault",
      ) &&
      containers(all).every(
        ({ securityContext: own }) =>
          own.allowPrivilegeEscalation === false &&
          own.readOnlyRootFilesystem === true &&
          own.capabilities.drop.join() === "ALL" &&
          own.capabilities.add === undefined,
      ),
    breaks: [0, 1, 2].flatMap((index) => [
      (all: Objects) => delete pods(all)[index].securityContext.runAsNonRoot,
      (all: Objects) => delete pods(all)[index].securityContext.seccompProfile,
      (all: Objects) => delete containers(all)[index].securityContext.allowPrivilegeEscalation,
      (all: Objects) => delete containers(all)[index].securityContext.readOnlyRootFilesystem,
      (all: Objects) => delete containers(all)[index].securityContext.capabilities,
    ]),
  },
  {
    name: "no pod has a token of the cluster",
    holds: (all) => pods(all).every((pod) => pod.automountServiceAccountToken === false),
    breaks: [0, 1, 2].map((index) => (all) => delete pods(all)[index].automountServiceAccountToken),
  },
  {
    name: "each container has requests and a limit of its memory",
    holds: (all) =>
      containers(all).every(
        ({ resources: { requests, limits } }) => requests.cpu && requests.memory && limits.memory,
      ),
    breaks: [0, 1, 2].map((index) => (all) => delete containers(all)[index].resources),
  },
  {
    name: "no password is in an environment or in a command",
    holds: (all) => containers(all).every((each) => each.env === undefined && each.envFrom === undefined),
    breaks: [(all) => (containers(all)[1].env = [{ name: "PASSWORD", value: "secret" }])],
  },
  {
    name: "the monitor stays up without a quorum",
    holds: (all) =>
      ["readinessProbe", "livenessProbe"].every(
        (probe) => podOf(monitor(all)).containers[0][probe].httpGet.path === "/dashboard",
      ),
    breaks: [(all) => (podOf(monitor(all)).containers[0].livenessProbe.httpGet.path = "/health")],
  },
  {
    name: "one monitor sends alerts",
    holds: (all) => monitor(all).spec.replicas === 1 && monitor(all).spec.strategy.type === "Recreate",
    breaks: [(all) => (monitor(all).spec.replicas = 2), (all) => delete monitor(all).spec.strategy],
  },
  {
    name: "runs of the job do not overlap, and end",
    holds: (all) => {
      const { spec } = cronJob(all);
      const limit = seconds(option(all, "max-run")) + seconds(option(all, "grace"));
      return (
        spec.concurrencyPolicy === "Forbid" &&
        spec.startingDeadlineSeconds > 0 &&
        spec.jobTemplate.spec.backoffLimit === 0 &&
        podOf(cronJob(all)).restartPolicy === "Never" &&
        spec.jobTemplate.spec.activeDeadlineSeconds > limit &&
        podOf(cronJob(all)).terminationGracePeriodSeconds > seconds(option(all, "grace"))
      );
    },
    breaks: [
      (all) => delete cronJob(all).spec.concurrencyPolicy,
      (all) => (cronJob(all).spec.jobTemplate.spec.backoffLimit = 6),
      (all) => (podOf(cronJob(all)).restartPolicy = "OnFailure"),
      (all) => delete cronJob(all).spec.jobTemplate.spec.activeDeadlineSeconds,
      (all) => (podOf(cronJob(all)).terminationGracePeriodSeconds = 1),
    ],
  },
];
