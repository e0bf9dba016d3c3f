/** The code that made a call of the library. */
export interface CallSite {
  /** The first line of the stack that is not of the library. The same for all calls of one place in the code. */
  readonly place: string;
  /** The stack from that line on, one frame in each line. */
  readonly stack: string;
}

/** The stack must reach the caller through all policies around a lock. */
const MAX_FRAMES = 40;
/** How many frames of the caller a warning has. */
const SHOWN_FRAMES = 5;

/** The directory of the library. `undefined` in a bundle, where frames of the library and of the caller have one file. */
const libraryDirectory = /\(([^()]+[\\/])diagnostics[\\/]call-site\.[cm]?[jt]s:\d+:\d+\)$/.exec(
  stackLines()[0] ?? "",
)?.[1];

/** Call this before the first `await` of a call, or the stack has no caller. */
export function captureCallSite(): CallSite {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = MAX_FRAMES;
  const frames = stackLines();
  Error.stackTraceLimit = stackTraceLimit;
  const own = frames.filter(isOfCaller);
  const isExact = own.length > 0 && libraryDirectory !== undefined;
  // Without a frame of the caller, all frames together tell the places apart.
  const shown = isExact ? own : frames;
  return {
    place: isExact ? shown[0]! : shown.join("\n"),
    stack: shown.slice(0, isExact ? SHOWN_FRAMES : MAX_FRAMES).join("\n"),
  };
}

/** The frames outside of Node, the one of this file first. None if the program has replaced `Error.prepareStackTrace` by a function of another form. */
function stackLines(): readonly string[] {
  const { stack }: { readonly stack?: unknown } = new Error("to find the caller");
  const lines = typeof stack === "string" ? stack.split("\n") : [];
  return lines
    .filter((line) => /^\s+at /.test(line) && !/\bnode:[\w/]+:\d+:\d+\)?$/.test(line))
    .map((line) => line.trim());
}

function isOfCaller(frame: string): boolean {
  if (!/:\d+:\d+\)?$/.test(frame)) return false;
  return libraryDirectory === undefined || !frame.includes(libraryDirectory);
}
