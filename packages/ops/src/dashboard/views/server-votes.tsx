import type { JSX } from "preact";
import type { LockDetail, ServerVote } from "../../monitor/api.ts";
import { formatFence } from "../../format/count.ts";
import { formatSeconds } from "../../format/duration.ts";
import { useClock, useStore } from "../page/hooks.ts";
import { MarkedWord } from "./mark.tsx";
import { describeVote } from "./states.ts";
import { Name } from "./text.tsx";

/** What each server says about the lock. */
export function ServerVotes({
  detail,
  receivedAt,
}: {
  readonly detail: LockDetail;
  readonly receivedAt: number;
}): JSX.Element {
  const count = detail.servers.filter(({ mark }) => mark === "holder").length;
  return (
    <section class="card" aria-label="Votes">
      <header class="section-header">
        <h2>
          Votes: {count} of {detail.servers.length}
        </h2>
        <p class="extent quiet">{detail.needed} needed</p>
      </header>
      <ul class="vote-list">
        {detail.servers.map((vote) => (
          <VoteRow key={vote.label} vote={vote} receivedAt={receivedAt} />
        ))}
      </ul>
    </section>
  );
}

function VoteRow({
  vote,
  receivedAt,
}: {
  readonly vote: ServerVote;
  readonly receivedAt: number;
}): JSX.Element {
  const now = useClock(250);
  const message = useStore((state) => state.servers.find(({ label }) => label === vote.label)?.message);
  const { state, word } = describeVote(vote.mark);
  const isSilent = vote.mark === "no-answer" || vote.mark === "abstains";
  const left = vote.remainingMs === undefined ? undefined : vote.remainingMs - Math.max(0, now - receivedAt);
  return (
    <li class="vote-row">
      <span class="vote-server">
        <Name name={vote.label} maxLength={32} />
      </span>
      <span class="vote-mark">
        <MarkedWord state={state} word={word} />
        {vote.holder !== undefined && (
          <span class="quiet">
            {" "}
            <Name name={vote.holder.owner ?? `id ${vote.holder.id}`} maxLength={28} />
          </span>
        )}
        {isSilent && message !== undefined && (
          <span class="quiet">
            {" "}
            <Name name={message} maxLength={48} />
          </span>
        )}
      </span>
      <span class="vote-left">{left === undefined ? <span class="quiet">–</span> : formatSeconds(left)}</span>
      <span class="vote-fence" title={vote.fence === undefined ? undefined : String(vote.fence)}>
        {vote.fence === undefined ? <span class="quiet">–</span> : formatFence(vote.fence)}
      </span>
    </li>
  );
}
