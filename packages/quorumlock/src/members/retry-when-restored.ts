import { QuorumError } from "../base/errors.ts";
import type { Members } from "./members.ts";

export type RestorableMembers = Pick<Members, "whenRestored">;

/** Runs a call once more if no quorum answered, and members that lost their connection or memory can answer again soon. */
export async function retryWhenRestored<T>(members: RestorableMembers, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const restored = error instanceof QuorumError ? members.whenRestored() : undefined;
    if (restored === undefined) throw error;
    await restored;
    return call();
  }
}
