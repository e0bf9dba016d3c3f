import { FAULT_FIELDS, type Plan, REFUSAL_ERRORS } from "./plan.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a plan from JSON.
 *
 * @param source Names the text in errors, usually a file.
 * @throws SyntaxError if the text is not JSON; TypeError or RangeError with the field and its value if it is not a plan.
 */
export function parsePlan(text: string, source: string): Plan {
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(
      `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  const reader = new Reader(source);
  const fields = reader.object(plan, "the plan");
  if (fields["format"] !== 1) reader.fail(RangeError, "format", fields["format"], "must be 1");
  reader.number(fields, "seed");
  reader.oneOf(fields, "promises", ["all", "fences", "cleanup"]);
  reader.number(fields, "driftFactor");
  if (fields["restartGuard"] !== false) reader.number(fields, "restartGuard");
  const servers = reader.nonEmptyList(fields, "servers");
  const clients = reader.nonEmptyList(fields, "clients");
  servers.forEach((server, index) => {
    const traits = reader.object(server, `servers[${index}]`);
    readClock(reader, traits, `servers[${index}].`);
    if (traits["nodes"] !== undefined) reader.number(traits, "nodes", `servers[${index}].`, 1);
  });
  const counts = { client: clients.length, server: servers.length };
  clients.forEach((client, index) => readClient(reader, client, `clients[${index}]`, counts));
  reader.list(fields, "faults").forEach((fault, index) => {
    readFault(reader, fault, `faults[${index}]`, counts);
  });
  if (fields["health"] !== undefined) {
    const health = reader.object(fields["health"], "health");
    reader.number(health, "intervalMs", "health.", 100);
    if (health["outageUntil"] !== undefined) reader.number(health, "outageUntil", "health.", 0);
  }
  if (fields["operator"] !== undefined) {
    const operator = reader.object(fields["operator"], "operator");
    reader.nonEmptyList(operator, "names", "operator.");
    reader.number(operator, "everyMs", "operator.", 1);
    reader.number(operator, "maxPauseMs", "operator.", 0);
  }
  if (fields["periodMs"] !== undefined) reader.number(fields, "periodMs", "", 1);
  if (fields["changes"] !== undefined) {
    const changes = reader.object(fields["changes"], "changes");
    reader.number(changes, "at", "changes.", 0);
    reader.list(changes, "steps", "changes.").forEach((step, index) => {
      const where = `changes.steps[${index}]`;
      reader.nonEmptyList(reader.object(step, where), "to", `${where}.`).forEach((server, place) => {
        reader.index(server, `${where}.to[${place}]`, servers.length);
      });
    });
  }
  if (fields["tiers"] !== undefined) {
    const tiers = reader.object(fields["tiers"], "tiers");
    reader.number(tiers, "returnAfterMs", "tiers.", 1);
    reader.nonEmptyList(tiers, "backup", "tiers.").forEach((server, place) => {
      reader.index(server, `tiers.backup[${place}]`, servers.length);
    });
  }
  return withLists(plan as Plan);
}

/** Older files have one ttl where a step now has a list. */
function withLists(plan: Plan): Plan {
  const clients = plan.clients.map((client) => ({
    ...client,
    workers: client.workers.map((steps) =>
      steps.map((step) => {
        const { extendToMs } = step as { extendToMs?: number | readonly number[] };
        return typeof extendToMs === "number" ? { ...step, extendToMs: [extendToMs] } : step;
      }),
    ),
  }));
  return { ...plan, clients };
}

/** The rate has a lower limit, because a history with a very slow clock takes very long. */
function readClock(reader: Reader, traits: Fields, where: string): void {
  reader.number(traits, "rate", where, 0.1);
  reader.number(traits, "offsetMs", where);
}

/** How many clients and servers a plan has. */
interface Counts {
  readonly client: number;
  readonly server: number;
}

function readClient(reader: Reader, client: unknown, where: string, counts: Counts): void {
  const traits = reader.object(client, where);
  readClock(reader, traits, `${where}.`);
  reader.number(traits, "requestTimeoutMs", `${where}.`, 1);
  reader.nonEmptyList(traits, "members", `${where}.`).forEach((member, index) => {
    reader.index(member, `${where}.members[${index}]`, counts.server);
  });
  reader.list(traits, "workers", `${where}.`).forEach((steps, worker) => {
    const place = `${where}.workers[${worker}]`;
    if (!Array.isArray(steps)) reader.fail(TypeError, place, steps, "must be a list of steps");
    (steps as unknown[]).forEach((step, index) => {
      const fields = reader.object(step, `${place}[${index}]`);
      reader.oneOf(fields, "call", ["acquire", "tryAcquire", "using", "dispose"], `${place}[${index}].`);
      const at = `${place}[${index}].`;
      if (fields["lock"] !== undefined)
        reader.oneOf(
          fields,
          "lock",
          ["read", "write", "shared", "exclusive", "modes", "permits", "fair"],
          at,
        );
      for (const field of ["permits", "total", "maxLocks", "resizeTo"])
        if (fields[field] !== undefined) reader.number(fields, field, at, 1);
      if (fields["priority"] !== undefined) reader.number(fields, "priority", at, -1_000);
      reader.number(fields, "ttlMs", at, 3);
      if (fields["job"] !== undefined) reader.number(fields, "job", at, 0);
      for (const field of ["holdMs", "restMs"]) reader.number(fields, field, at, 0);
      if (fields["abortAfterMs"] !== undefined) reader.number(fields, "abortAfterMs", at, 0);
      if (Array.isArray(fields["extendToMs"])) {
        fields["extendToMs"].forEach((ttlMs: unknown, extension) =>
          reader.number({ [extension]: ttlMs }, String(extension), `${at}extendToMs.`, 3),
        );
      } else if (fields["extendToMs"] !== undefined) reader.number(fields, "extendToMs", at, 0);
      if (fields["passTo"] !== undefined) {
        const passTo = reader.object(fields["passTo"], `${at}passTo`);
        reader.index(passTo["client"], `${at}passTo.client`, counts.client);
        reader.number(passTo, "afterMs", `${at}passTo.`, 0);
      }
      if (fields["waitMs"] !== null) reader.number(fields, "waitMs", at, 0);
      for (const name of reader.nonEmptyList(fields, "names", at)) {
        if (typeof name !== "string" || name === "")
          reader.fail(TypeError, `${at}names`, name, "must be non-empty strings");
      }
    });
  });
}

function readFault(reader: Reader, fault: unknown, where: string, counts: Counts): void {
  const fields = reader.object(fault, where);
  reader.oneOf(fields, "kind", Object.keys(FAULT_FIELDS), `${where}.`);
  reader.number(fields, "at", `${where}.`, 0);
  for (const field of FAULT_FIELDS[fields["kind"] as keyof typeof FAULT_FIELDS]) {
    if (field === "client" || field === "server")
      reader.index(fields[field], `${where}.${field}`, counts[field]);
    else if (field === "way") reader.oneOf(fields, field, ["both", "to", "from"], `${where}.`);
    else if (field === "error") reader.oneOf(fields, field, REFUSAL_ERRORS, `${where}.`);
    else if (field === "name" || field === "counter") reader.required(fields, field, `${where}.`);
    else reader.number(fields, field, `${where}.`, field === "byMs" ? -Infinity : 0);
  }
}

class Reader {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  fail(kind: typeof TypeError | typeof RangeError, field: string, value: unknown, rule: string): never {
    throw new kind(`${this.#source}: ${field} ${rule}, not ${JSON.stringify(value) ?? "missing"}`);
  }

  object(value: unknown, where: string): Fields {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    return this.fail(TypeError, where, value, "must be an object");
  }

  number(fields: Fields, field: string, where = "", min = -Infinity): void {
    const value = fields[field];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.fail(TypeError, where + field, value, "must be a number");
    }
    if (value < min) this.fail(RangeError, where + field, value, `must be at least ${min}`);
  }

  required(fields: Fields, field: string, where: string): void {
    if (fields[field] === undefined) this.fail(TypeError, where + field, undefined, "is required");
  }

  list(fields: Fields, field: string, where = ""): readonly unknown[] {
    const value = fields[field];
    return Array.isArray(value) ? value : this.fail(TypeError, where + field, value, "must be a list");
  }

  nonEmptyList(fields: Fields, field: string, where = ""): readonly unknown[] {
    const list = this.list(fields, field, where);
    if (list.length === 0) this.fail(RangeError, where + field, list, "must not be empty");
    return list;
  }

  oneOf(fields: Fields, field: string, words: readonly string[], where = ""): void {
    const value = fields[field];
    if (typeof value === "string" && words.includes(value)) return;
    this.fail(RangeError, where + field, value, `must be one of ${words.join(", ")}`);
  }

  index(value: unknown, where: string, count: number): void {
    if (Number.isInteger(value) && Number(value) >= 0 && Number(value) < count) return;
    this.fail(RangeError, where, value, `must be a whole number from 0 to ${count - 1}`);
  }
}
