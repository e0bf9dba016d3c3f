import type { Operation, Verdict } from "@quorumlock/sim/history";

type Rest = Partial<Operation>;

/** Makes an operation. `[from, to]` are the times of its start and its end; without `to` it has no reply. */
function operation(
  kind: Operation["kind"],
  token: string,
  [invokedAt, completedAt]: readonly [number, number?],
  rest: Rest,
): Operation {
  const outcome = completedAt === undefined ? "unknown" : "ok";
  return {
    process: `process-${token}`,
    resource: "r",
    kind,
    token,
    invokedAt,
    outcome,
    ...(completedAt === undefined ? {} : { completedAt }),
    ...rest,
  };
}

export const acquire = (
  token: string,
  when: readonly [number, number?],
  heldUntil?: number,
  rest: Rest = {},
): Operation =>
  operation("acquire", token, when, { ...(heldUntil === undefined ? {} : { heldUntil }), ...rest });

export const extend = (
  token: string,
  when: readonly [number, number?],
  heldUntil?: number,
  rest: Rest = {},
): Operation =>
  operation("extend", token, when, { ...(heldUntil === undefined ? {} : { heldUntil }), ...rest });

export const convert = (
  token: string,
  when: readonly [number, number?],
  mode: Operation["mode"],
  rest: Rest = {},
): Operation => operation("convert", token, when, { mode, ...rest });

export const release = (token: string, when: readonly [number, number?], rest: Rest = {}): Operation =>
  operation("release", token, when, rest);

export const expire = (token: string, when: readonly [number, number?], rest: Rest = {}): Operation =>
  operation("expire", token, when, rest);

/** The reason of a violation. Throws if the verdict is not a violation. */
export function violation(verdict: Verdict): string {
  if (verdict.valid === false) return verdict.reason;
  throw new Error(`expected a violation, not ${JSON.stringify(verdict)}`);
}
