import { formatValue } from "../base/check-value.ts";
import type { CircuitState } from "../policies/circuit-breaker.ts";

/** Circuit breakers by name. Every object with a `state`, such as a `CircuitBreaker`. */
export type BreakerStates = Readonly<Record<string, { readonly state: CircuitState }>>;

/** More breakers than this are a mistake, such as one for each lock. */
const MAX_BREAKERS = 20;

/** @throws TypeError, RangeError for something else. */
export function checkBreakers(breakers: BreakerStates | undefined): BreakerStates {
  if (breakers === undefined) return {};
  if (typeof breakers !== "object" || breakers === null || Array.isArray(breakers))
    throw new TypeError(`breakers: ${formatValue(breakers)} must be an object of circuit breakers by name`);
  const entries = Object.entries(breakers);
  if (entries.length > MAX_BREAKERS)
    throw new RangeError(`breakers: there are ${entries.length}; at most ${MAX_BREAKERS} are allowed`);
  for (const [name, breaker] of entries) {
    if (typeof (breaker as { state?: unknown } | undefined)?.state !== "string")
      throw new TypeError(`breakers.${name}: ${formatValue(breaker)} must be a CircuitBreaker`);
  }
  return breakers;
}
