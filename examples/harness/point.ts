import { writeSync } from "node:fs";

/** What happens when the process passes an armed point. */
export type PointAction = "kill" | "stop";

const armed = new Map<string, PointAction>();

/** Arms a point once: the next pass of it kills or stops the process. */
export function arm(name: string, action: PointAction): void {
  armed.set(name, action);
}

/** Whether something happens at the next pass of a point. */
export function isArmed(name: string): boolean {
  return armed.has(name);
}

/**
 * A named place in the code of a process. If the harness has armed it, the process kills itself here with SIGKILL, as a crash
 * would, or stops itself with SIGSTOP, as a long pause of the machine would. Otherwise nothing happens.
 */
export function point(name: string): void {
  const action = armed.get(name);
  if (action === undefined) return;
  armed.delete(name);
  say("point", { point: name, action });
  process.kill(process.pid, action === "kill" ? "SIGKILL" : "SIGSTOP");
}

/** Reports an event to the harness: one line of JSON. The judge does not read these lines. */
export function say(event: string, data: Readonly<Record<string, unknown>> = {}): void {
  writeSync(1, `${JSON.stringify({ event, ...data })}\n`);
}
