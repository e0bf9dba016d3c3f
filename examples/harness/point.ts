import { writeSync } from "node:fs";

/** What happens when the process passes an armed point. */
export type PointAction = "kill" | "stop";

const armed = new Map<string, { readonly action: PointAction; passesLeft: number }>();

/** Arms a point once: the next pass of it kills or stops the process, or a later one if `skip` is above 0. */
export function arm(name: string, action: PointAction, skip: number): void {
  armed.set(name, { action, passesLeft: skip });
}

/** Undoes `arm`, if the point was not passed yet. */
export function disarm(name: string): void {
  armed.delete(name);
}

/** Whether something happens at the next pass of a point. */
export function isArmed(name: string): boolean {
  return armed.get(name)?.passesLeft === 0;
}

/**
 * A named place in the code of a process. If the harness has armed it, the process kills itself here with SIGKILL, as a crash
 * would, or stops itself with SIGSTOP, as a long pause of the machine would. Otherwise nothing happens.
 */
export function point(name: string): void {
  const entry = armed.get(name);
  if (entry === undefined) return;
  entry.passesLeft -= 1;
  if (entry.passesLeft >= 0) return;
  armed.delete(name);
  const { action } = entry;
  say("point", { point: name, action });
  process.kill(process.pid, action === "kill" ? "SIGKILL" : "SIGSTOP");
}

/** Reports an event to the harness: one line of JSON. The judge does not read these lines. */
export function say(event: string, data: Readonly<Record<string, unknown>> = {}): void {
  writeSync(1, `${JSON.stringify({ event, ...data })}\n`);
}
