let isHidden = false;

/** The commands print what they find about the servers. Warnings of the library would say it twice. */
export function hideLibraryWarnings(): void {
  if (isHidden) return;
  isHidden = true;
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "QuorumlockWarning") for (const listener of listeners) listener(warning);
  });
}
