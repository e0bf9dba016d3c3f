/** Flags of Node.js for a child process that runs TypeScript and resolves packages like this process. */
export function childExecArgv(flags: readonly string[] = process.execArgv): string[] {
  const conditions = flags.flatMap((flag, index) => {
    if (flag.startsWith("--conditions=")) return [flag];
    const value = flags[index + 1];
    return (flag === "--conditions" || flag === "-C") && value !== undefined ? [`--conditions=${value}`] : [];
  });
  return ["--import", "tsx", ...conditions];
}
