import type { SafetyRule } from "./safety-rules.ts";

/** A service of a compose file, with what the rules look at. */
interface ComposeService {
  image?: string;
  build?: unknown;
  command?: readonly string[];
  user?: string;
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  healthcheck?: { test: readonly string[]; start_period?: string };
  restart?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  init?: boolean;
  mem_limit?: string;
  cpus?: number;
  pids_limit?: number;
  privileged?: boolean;
  depends_on?: unknown;
  stop_grace_period?: string;
}

export interface Compose {
  readonly services: Record<string, ComposeService>;
  readonly volumes: Record<string, unknown>;
  readonly secrets: Record<string, { file: string }>;
}

/** A compose file with the text of the servers' configuration. */
export interface ComposeDeployment {
  readonly compose: Compose;
  config: string;
}

const SERVERS = ["lock-1", "lock-2", "lock-3", "lock-4", "lock-5"];
const PROBE = "CMD valkey-cli -e --user probe --pass none --no-auth-warning ping";

const all = ({ compose }: ComposeDeployment): ComposeService[] => Object.values(compose.services);
const service = ({ compose }: ComposeDeployment, name: string): ComposeService => {
  const found = compose.services[name];
  if (found === undefined) throw new TypeError(`there is no ${name}`);
  return found;
};
const servers = (from: ComposeDeployment): ComposeService[] => SERVERS.map((name) => service(from, name));
const grafana = (from: ComposeDeployment): Record<string, string> => {
  const { environment } = service(from, "grafana");
  if (environment === undefined) throw new TypeError("Grafana has no settings");
  return environment;
};

export const COMPOSE_RULES: readonly SafetyRule<ComposeDeployment>[] = [
  {
    name: "five servers, each with a volume and a port of its own",
    holds: (from) => {
      const volumes = servers(from).map(({ volumes: [data = ""] = [] }) => data);
      const ports = servers(from).map(({ ports: [port] = [] }) => port);
      return (
        SERVERS.every((name, index) => volumes[index] === `${name}:/data` && name in from.compose.volumes) &&
        new Set(ports).size === 5
      );
    },
    breaks: [
      (from) => delete from.compose.services["lock-5"],
      (from) => (service(from, "lock-2").volumes = ["lock-1:/data"]),
      (from) => delete service(from, "lock-3").volumes,
    ],
  },
  {
    name: "no server evicts keys, and each change is on disk before the reply",
    holds: ({ config }) =>
      /^maxmemory-policy noeviction$/m.test(config) &&
      /^appendonly yes$/m.test(config) &&
      /^appendfsync always$/m.test(config) &&
      /^aclfile \/run\/secrets\/users\.acl$/m.test(config),
    breaks: [
      (from) => (from.config = from.config.replace("noeviction", "allkeys-lru")),
      (from) => (from.config = from.config.replace("appendfsync always", "appendfsync everysec")),
      (from) => (from.config = from.config.replace("appendonly yes", "appendonly no")),
      (from) => (from.config = from.config.replace(/^aclfile.*$/m, "")),
    ],
  },
  {
    name: "each server reads the configuration and the users",
    holds: (from) =>
      servers(from).every(
        ({ command, volumes, secrets }) =>
          command?.join(" ") === "valkey-server /etc/lock-server/server.conf" &&
          volumes?.includes("./server/server.conf:/etc/lock-server/server.conf:ro") === true &&
          secrets?.join() === "users.acl",
      ),
    breaks: [
      (from) => (service(from, "lock-4").command = ["valkey-server"]),
      (from) => delete service(from, "lock-1").secrets,
      (from) => service(from, "lock-1").volumes?.pop(),
    ],
  },
  {
    name: "a server has twice the memory of its data",
    holds: (from) =>
      servers(from).every(
        ({ mem_limit: limit }) =>
          Number.parseInt(limit ?? "0", 10) >= 2 * Number(/^maxmemory (\d+)mb$/m.exec(from.config)?.[1]),
      ),
    breaks: [
      (from) => (service(from, "lock-1").mem_limit = "256m"),
      (from) => (from.config = from.config.replace(/^maxmemory \d.*$/m, "")),
    ],
  },
  {
    name: "ports are open on loopback only",
    holds: (from) =>
      all(from).every(({ ports = [] }) => ports.every((port) => /^127\.0\.0\.1:\d+:\d+$/.test(port))),
    breaks: [
      (from) => (service(from, "lock-1").ports = ["6379:6379"]),
      (from) => (service(from, "grafana").ports = ["0.0.0.0:3000:3000"]),
    ],
  },
  {
    name: "each service has a check of its health",
    holds: (from) =>
      all(from).every(({ healthcheck, build }) => healthcheck !== undefined || build !== undefined) &&
      servers(from).every(({ healthcheck }) => healthcheck?.test.join(" ") === PROBE),
    breaks: [
      (from) => delete service(from, "prometheus").healthcheck,
      (from) => (service(from, "lock-1").healthcheck = { test: ["CMD", "valkey-cli", "-a", "x", "ping"] }),
    ],
  },
  {
    name: "each service starts again, within limits of memory, CPU and processes",
    holds: (from) =>
      all(from).every(
        (each) => each.restart === "unless-stopped" && each.mem_limit && each.cpus && each.pids_limit,
      ),
    breaks: [
      (from) => delete service(from, "lock-1").restart,
      (from) => delete service(from, "monitor").mem_limit,
      (from) => delete service(from, "grafana").cpus,
      (from) => delete service(from, "alertmanager").pids_limit,
    ],
  },
  {
    name: "no process is root, gains rights, or writes to its image",
    holds: (from) =>
      all(from).every(
        (each) =>
          each.read_only === true &&
          each.cap_drop?.join() === "ALL" &&
          each.security_opt?.join() === "no-new-privileges:true" &&
          each.privileged === undefined &&
          // The image of the monitor has a user of its own.
          (/^[1-9]\d*:\d+$/.test(each.user ?? "") || each.build !== undefined),
      ),
    breaks: [
      (from) => delete service(from, "lock-1").user,
      (from) => (service(from, "lock-2").user = "0:0"),
      (from) => delete service(from, "prometheus").read_only,
      (from) => delete service(from, "monitor").cap_drop,
      (from) => delete service(from, "grafana").security_opt,
      (from) => (service(from, "monitor").privileged = true),
    ],
  },
  {
    name: "zombies are ended in every container",
    holds: (from) =>
      all(from).every(
        ({ init, image, build }) => init === true || image?.startsWith("valkey/") || build !== undefined,
      ),
    breaks: [(from) => (service(from, "grafana").init = false)],
  },
  {
    name: "a server has time to end",
    holds: (from) => servers(from).every((each) => each.stop_grace_period === "30s"),
    breaks: [(from) => delete service(from, "lock-1").stop_grace_period],
  },
  {
    name: "passwords come from files",
    holds: (from) => {
      const files = Object.entries(from.compose.secrets);
      const texts = all(from).flatMap(({ environment = {}, command = [] }) => [
        ...command,
        ...Object.entries(environment)
          .filter(([name]) => !name.endsWith("__FILE"))
          .flat(),
      ]);
      return (
        files.every(([name, { file }]) => file === `./secrets/${name}`) &&
        all(from).every(({ secrets = [] }) => secrets.every((name) => name in from.compose.secrets)) &&
        texts.every((text) => !/password|token|secret/i.test(text))
      );
    },
    breaks: [
      (from) => (grafana(from)["GF_SECURITY_ADMIN_PASSWORD"] = "admin"),
      (from) => (service(from, "lock-1").command = ["valkey-server", "--requirepass", "password"]),
      (from) => (from.compose.secrets["users.acl"] = { file: "./users.acl" }),
    ],
  },
  {
    name: "Grafana has no default password and no anonymous visitors",
    holds: (from) =>
      grafana(from)["GF_SECURITY_ADMIN_PASSWORD__FILE"] === "/run/secrets/grafana_password" &&
      service(from, "grafana").secrets?.includes("grafana_password") === true &&
      grafana(from)["GF_AUTH_ANONYMOUS_ENABLED"] === "false" &&
      grafana(from)["GF_USERS_ALLOW_SIGN_UP"] === "false",
    breaks: [
      (from) => delete grafana(from)["GF_SECURITY_ADMIN_PASSWORD__FILE"],
      (from) => delete service(from, "grafana").secrets,
      (from) => (grafana(from)["GF_AUTH_ANONYMOUS_ENABLED"] = "true"),
      (from) => delete grafana(from)["GF_AUTH_ANONYMOUS_ENABLED"],
    ],
  },
  {
    name: "images have a version",
    holds: (from) => all(from).every(({ image = "" }) => /:v?\d/.test(image)),
    breaks: [(from) => (service(from, "lock-1").image = "valkey/valkey:latest")],
  },
  {
    name: "the monitor waits for no server",
    holds: (from) => service(from, "monitor").depends_on === undefined,
    breaks: [(from) => (service(from, "monitor").depends_on = ["lock-1"])],
  },
];
