import { resourceClassOf } from "quorumlock/observe";

/** Names that match have this class. */
export interface ClassRule {
  /** Without the flags `g` and `y`, so that it begins at the start of each name. */
  readonly match: RegExp;
  readonly class: string;
}

/** From the name of a lock to its class. */
export type ClassOf = (name: string) => string;

/** The class of the first rule that matches, otherwise the default one of the library. */
export function classOfRules(rules: readonly ClassRule[]): ClassOf {
  if (rules.length === 0) return resourceClassOf;
  return (name) => rules.find(({ match }) => match.test(name))?.class ?? resourceClassOf(name);
}
