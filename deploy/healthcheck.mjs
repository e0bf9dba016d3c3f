// Whether the monitor in this container answers. A 503 says that no quorum votes: then the monitor is well, and needed. The port can be
// given as an argument.
const response = await fetch(`http://127.0.0.1:${process.argv[2] ?? 5000}/health`, {
  signal: AbortSignal.timeout(4_000),
}).catch(() => undefined);
process.exit(response === undefined ? 1 : 0);
