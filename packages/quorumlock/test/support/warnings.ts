/** A process warning of the library. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** Collects the process warnings of the library until `stop`. */
export function collectWarnings(): {
  readonly seen: readonly Warning[];
  stop(): Promise<readonly Warning[]>;
} {
  const seen: Warning[] = [];
  const collect = (warning: Error & { readonly code?: string }): void => {
    if (warning.name === "QuorumlockWarning")
      seen.push({ code: warning.code ?? "", message: warning.message });
  };
  process.on("warning", collect);
  return {
    seen,
    async stop() {
      // Node emits a warning in a later tick.
      await new Promise<void>((resolve) => setImmediate(resolve));
      process.off("warning", collect);
      return seen;
    },
  };
}
