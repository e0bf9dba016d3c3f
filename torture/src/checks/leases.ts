import { byResource, type Grant, type Span } from "./grants.ts";
import type { Violation } from "./violation.ts";

/** Two holders of one resource that were both sure of it at one moment. */
export function checkLeases(grants: readonly Grant[]): readonly Violation[] {
  return [...byResource(grants)].flatMap(([resource, ofResource]) =>
    overlaps(ofResource).map(([earlier, later, forMs]) => ({
      check: "leases",
      message: `${resource}: ${earlier.holder} and ${later.holder} both held it for ${forMs.toFixed(2)} ms`,
      entries: [earlier, later],
    })),
  );
}

/** Each grant that began while another was held, with the one of them that was held longest. */
function overlaps(grants: readonly Grant[]): readonly (readonly [Grant, Grant, number])[] {
  const spans = grants
    .flatMap((grant) => grant.held.map((span) => ({ grant, span })))
    .toSorted((a, b) => a.span.from - b.span.from);
  const found = new Map<string, readonly [Grant, Grant, number]>();
  let longest: { readonly grant: Grant; readonly span: Span } | undefined;
  for (const next of spans) {
    if (
      longest !== undefined &&
      longest.grant.token !== next.grant.token &&
      next.span.from < longest.span.to
    ) {
      const forMs = Math.min(longest.span.to, next.span.to) - next.span.from;
      const pair = `${longest.grant.token} ${next.grant.token}`;
      if (!found.has(pair)) found.set(pair, [longest.grant, next.grant, forMs]);
    }
    if (longest === undefined || next.span.to > longest.span.to) longest = next;
  }
  return [...found.values()];
}
