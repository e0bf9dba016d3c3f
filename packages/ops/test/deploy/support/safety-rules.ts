/** A setting without which a deployment is not safe. */
export interface SafetyRule<Deployment> {
  readonly name: string;
  readonly holds: (deployment: Deployment) => boolean;
  /** Ways to lose the setting. Each of them breaks the rule. */
  readonly breaks: readonly ((deployment: Deployment) => void)[];
}

/** The names of the rules that do not hold. A rule whose place in the deployment is missing does not hold. */
export function brokenRules<Deployment>(
  rules: readonly SafetyRule<Deployment>[],
  deployment: Deployment,
): readonly string[] {
  return rules.filter(({ holds }) => !isTrue(() => holds(deployment))).map(({ name }) => name);
}

function isTrue(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
