import type { JSX } from "preact";
import type { ServerView, VoteMark } from "../../monitor/api.ts";
import { Mark } from "./mark.tsx";
import { describeVote } from "./states.ts";

/** One shape for each server, in the order of the servers. The words are in the tooltip and for readers of the screen. */
export function Votes({
  votes,
  servers,
}: {
  readonly votes: readonly VoteMark[];
  readonly servers: readonly ServerView[];
}): JSX.Element {
  const words = votes.map((vote, index) => `${servers[index]?.label ?? "?"}: ${describeVote(vote).word}`);
  const count = votes.filter((vote) => vote === "holder").length;
  const text = `${count} of ${votes.length}: ${words.join(", ")}`;
  return (
    <span class="votes" role="img" aria-label={text} title={words.join("\n")}>
      {votes.map((vote, index) => (
        <Mark key={index} state={describeVote(vote).state} />
      ))}
    </span>
  );
}
