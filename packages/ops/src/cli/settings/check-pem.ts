import { createSecureContext } from "node:tls";
import type { Checker, Path } from "../../config/checker.ts";

/** Adds a problem if TLS cannot use these PEM texts. It shows nothing of them. */
export function checkPem(
  checker: Checker,
  path: Path,
  pem: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  },
): void {
  try {
    createSecureContext(pem);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    checker.add(
      path,
      `: TLS cannot use these files${code && ` (${code})`}; they must be PEM, and the key must fit`,
    );
  }
}
