import { MAX_INSTANCES } from "../../instances/sources.ts";
import type { ServiceObject } from "./api.ts";
import { DiscoveryError } from "./errors.ts";

/** The annotation of a Service with the number of members that decide. */
export const SIZE_ANNOTATION = "quorumlock/size";
/** The annotation with the number of members after the change that is in progress. */
export const NEXT_SIZE_ANNOTATION = "quorumlock/next-size";

/** How many members somebody has declared. It never comes from what is alive now: a partition must not make a quorum smaller. */
export interface DeclaredSize {
  /** The members that decide: as many, from the first ordinal on. */
  readonly size: number;
  /** During a change: the members after it. Both sets decide. `undefined` if there is no change. */
  readonly next: number | undefined;
}

/**
 * Reads the annotations of the Services. Services without them say nothing, and the others must agree.
 * @throws DiscoveryError `SIZE` if no Service declares a size, or they differ, or a value is no number from 1 to 31.
 */
export function readDeclaredSize(services: ReadonlyMap<string, ServiceObject>): DeclaredSize {
  let declared: DeclaredSize | undefined;
  let first = "";
  for (const [name, { metadata }] of [...services].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const { [SIZE_ANNOTATION]: size, [NEXT_SIZE_ANNOTATION]: next } = metadata?.annotations ?? {};
    if (size === undefined && next === undefined) continue;
    const own = {
      size: readSize(name, SIZE_ANNOTATION, size),
      next: next === undefined ? undefined : readSize(name, NEXT_SIZE_ANNOTATION, next),
    };
    // A change to the same size is none.
    const read = own.next === own.size ? { ...own, next: undefined } : own;
    if (declared !== undefined && !isSameSize(declared, read))
      throw new DiscoveryError(
        "SIZE",
        `the Services ${JSON.stringify(first)} and ${JSON.stringify(name)} declare different sizes, ${describeSize(declared)} and ${describeSize(read)}; annotate all of them in the same way`,
      );
    if (declared === undefined) [declared, first] = [read, name];
  }
  if (declared !== undefined) return declared;
  const [service = "…"] = services.keys();
  throw new DiscoveryError(
    "SIZE",
    `no Service declares how many members there are; run \`kubectl annotate service ${service} ${SIZE_ANNOTATION}=3\` with the number of your servers, or set the option \`size\``,
  );
}

function readSize(service: string, annotation: string, text: string | undefined): number {
  if (text !== undefined && /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_INSTANCES)
    return Number(text);
  const found = text === undefined ? "is missing" : `is ${JSON.stringify(text.slice(0, 40))}`;
  throw new DiscoveryError(
    "SIZE",
    `the annotation ${annotation} of the Service ${JSON.stringify(service)} ${found}; it must be a whole number from 1 to ${MAX_INSTANCES}`,
  );
}

export function isSameSize(a: DeclaredSize, b: DeclaredSize): boolean {
  return a.size === b.size && a.next === b.next;
}

export function describeSize({ size, next }: DeclaredSize): string {
  return next === undefined ? `${size}` : `${size} with the next size ${next}`;
}
