import { type ServerResponse } from "node:http";

/** What a request does, in the words of RBAC. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** A request, as tests look at it. */
export interface ApiRequest {
  readonly verb: Verb;
  /** The type in the plural, such as `leases`. */
  readonly resource: string;
  readonly namespace: string;
  /** The object, or an empty string. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * What goes wrong with a request.
 *
 * - status: it is refused with this status. 401 and 403 have the texts of the API server.
 * - gone: the version of a watch is refused with the status 410 instead of with an ERROR event.
 * - lost request: the connection is cut before the request is applied.
 * - lost reply: the request is applied, then the connection is cut.
 * - late request: the request is applied after `until`.
 * - late reply: the request is applied at once, and its reply comes after `until`.
 */
export type Effect =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: "gone" | "lost request" | "lost reply" }
  | { readonly kind: "late request" | "late reply"; readonly until: Promise<unknown> };

export interface Fault {
  readonly effect: Effect;
  /** Which requests. Default: all. */
  readonly verb?: Verb | readonly Verb[];
  readonly resource?: string;
  readonly name?: string;
  /** How many requests; then the fault ends. Default: until it is removed. */
  readonly times?: number;
}

/** The faults that are switched on. */
export class Faults {
  readonly #faults = new Map<Fault, { left: number }>();

  /** Switches a fault on. The returned function switches it off. */
  add(fault: Fault): () => void {
    this.#faults.set(fault, { left: fault.times ?? Infinity });
    return () => void this.#faults.delete(fault);
  }

  clear(): void {
    this.#faults.clear();
  }

  /** The effect on a request, or `undefined`. It counts as one of the fault's `times`. */
  next(request: ApiRequest): Effect | undefined {
    for (const [fault, state] of this.#faults) {
      if (!isMeant(fault, request)) continue;
      state.left -= 1;
      if (state.left <= 0) this.#faults.delete(fault);
      return fault.effect;
    }
    return undefined;
  }
}

function isMeant({ verb, resource, name }: Fault, request: ApiRequest): boolean {
  if (verb !== undefined && ![verb].flat().includes(request.verb)) return false;
  return (resource ?? request.resource) === request.resource && (name ?? request.name) === request.name;
}

export function cutConnection(response: ServerResponse): void {
  response.socket?.destroy();
}
