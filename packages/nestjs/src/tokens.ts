import { Inject } from "@nestjs/common";
import { Redlock } from "quorumlock";
import { describeValue } from "./describe-value.ts";
import { processWide } from "./process-wide.ts";

/** The class `Redlock` of each build of the library that is loaded. The module provides its client under all of them. */
export const redlockClasses = processWide("classes", () => new Set<typeof Redlock>()).add(Redlock);

/**
 * The injection token of a client: the class `Redlock`, or a string if the client has a name. For `inject: [getRedlockToken("jobs")]` and
 * for `overrideProvider`.
 * @param name of the client, as in `QuorumlockModule.forRoot`. @default the client without a name
 * @throws TypeError for a name that is no string or empty.
 */
export function getRedlockToken(name?: string): typeof Redlock | string {
  return name === undefined ? Redlock : `quorumlock:redlock:${checkClientName(name)}`;
}

/**
 * Injects a client into a parameter of a constructor or into a property.
 *
 * ```ts
 * constructor(@InjectRedlock() private readonly redlock: Redlock, @InjectRedlock("jobs") private readonly jobs: Redlock) {}
 * ```
 * @param name of the client, as in `QuorumlockModule.forRoot`. @default the client without a name
 * @throws TypeError for a name that is no string or empty.
 */
export function InjectRedlock(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getRedlockToken(name));
}

/** The token of what runs the decorated methods of a client. A string, so that it is the same in both builds. */
export function runnerToken(name: string | undefined): string {
  return name === undefined ? "quorumlock:use-lock" : `quorumlock:use-lock:${name}`;
}

/** @throws TypeError for a name that is no string or empty. */
export function checkClientName(name: unknown, field = "name"): string {
  if (typeof name === "string" && name !== "") return name;
  throw new TypeError(
    `${field}: ${describeValue(name)} must be a string that is not empty; leave it out for the client without a name`,
  );
}
