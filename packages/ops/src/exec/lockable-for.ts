import type { Lockable, Redlock } from "quorumlock";
import { CommandError, EXIT } from "../cli/command-error.ts";
import type { ExecOptions } from "./exec-options.ts";

/** The lockable for the options. @throws CommandError for a name or a number that the library does not accept. */
export function lockableFor(
  redlock: Redlock,
  { names, kind }: Pick<ExecOptions, "names" | "kind">,
): Lockable {
  const [name] = names;
  try {
    switch (kind.kind) {
      case "exclusive":
        return redlock.mutex(names);
      case "shared":
        return redlock.modes(names.map((each) => ({ name: each, mode: "S" })));
      case "permits":
        return redlock.semaphore(name, { permits: kind.permits });
      case "priority":
        return redlock.fair(name, { priority: kind.priority });
    }
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), EXIT.wrongUsage);
  }
}
