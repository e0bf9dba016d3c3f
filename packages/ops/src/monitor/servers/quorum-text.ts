import type { QuorumView } from "../api.ts";

/** How bad the number of voting servers is, and the sentence that says it. */
export function describeQuorum(
  voting: number,
  configured: number,
  quorum: number,
): Pick<QuorumView, "level" | "text"> {
  const servers = configured === 1 ? "server" : "servers";
  const count = `${voting} of ${configured} ${servers} ${voting === 1 ? "votes" : "vote"}.`;
  if (voting < quorum) {
    const needed = `${quorum} ${quorum === 1 ? "is" : "are"} needed`;
    return { level: "bad", text: `${count} ${needed}: no new locks, held ones end unextended.` };
  }
  if (voting === configured) return { level: "good", text: `${count} Locks work.` };
  const failures = voting - quorum + 1;
  const end =
    failures === 1 ? "One more failure stops them all." : `${failures} more failures stop them all.`;
  return { level: "attention", text: `${count} Locks work. ${end}` };
}
