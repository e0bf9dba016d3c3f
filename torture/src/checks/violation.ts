/** Something that must never happen, with the entries that show it. */
export interface Violation {
  readonly check: "leases" | "history" | "fences" | "store" | "stuck" | "leftovers" | "errors";
  readonly message: string;
  readonly entries: readonly object[];
}
