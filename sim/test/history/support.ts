import type { Operation, Verdict } from "@quorumlock/sim/history";

type Rest = Partial<Operation>;

/** Operations in short: `[from, to]` is when it was asked for and when it was answered. */
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

export const release = (token: string, when: readonly [number, number?], rest: Rest = {}): Operation =>
  operation("release", token, when, rest);

export const expire = (token: string, when: readonly [number, number?], rest: Rest = {}): Operation =>
  operation("expire", token, when, rest);

/** The sentence of a violation; fails where there is none. */
export function violation(verdict: Verdict): string {
  if (verdict.valid === false) return verdict.reason;
  throw new Error(`expected a violation, not ${JSON.stringify(verdict)}`);
}
