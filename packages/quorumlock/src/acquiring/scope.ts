import type { LockKind } from "../operations/kind.ts";

/** The kind and the target of an acquisition. */
interface Scoped {
  readonly kind: LockKind;
  readonly target: unknown;
}

/** Adds to each acquisition what the locks of a scope have in common, such as a permit of a tenant's quota. */
export type Scope = (scoped: Scoped) => Scoped;
