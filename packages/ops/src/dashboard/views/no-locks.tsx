import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LockDetail, LocksPage } from "../../monitor/api.ts";
import { formatDuration } from "../../format/duration.ts";
import { useDashboard, useStore } from "../page/hooks.ts";
import { Mark } from "./mark.tsx";
import { describeAbsent } from "./states.ts";
import { LockLink, Name, Sentence } from "./text.tsx";

/** The list has no rows. Says why, and what to do. */
export function NoLocks({ about }: { readonly about: Omit<LocksPage, "locks"> }): JSX.Element {
  const dashboard = useDashboard();
  const quorum = useStore((state) => state.quorum);
  const { pattern, health } = dashboard.view.list;
  if (about.hint !== undefined) {
    return (
      <div class="empty">
        <Mark state="attention" large />
        <p>
          <Sentence text={about.hint} />
        </p>
      </div>
    );
  }
  if (!about.complete) return <p class="empty">No lock was found so far. The scan goes on.</p>;
  if (pattern !== "") return <NotFound key={pattern} pattern={pattern} />;
  if (health !== "") return <p class="empty">No lock is in this state.</p>;
  return (
    <div class="empty">
      <p class="empty-title">No locks yet.</p>
      {quorum !== undefined && (
        <p>
          {quorum.voting} of {quorum.configured} servers vote. Take a lock:
        </p>
      )}
      <pre tabIndex={0}>quorumlock exec hello -- sleep 60</pre>
      <p>or in code:</p>
      <pre tabIndex={0}>{`await redlock.using("hello", work);`}</pre>
    </div>
  );
}

/** The scan finds names later than a read does. So an exact name is read from all servers. */
function NotFound({ pattern }: { readonly pattern: string }): JSX.Element {
  const dashboard = useDashboard();
  const [detail, setDetail] = useState<LockDetail | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      try {
        setDetail(await dashboard.readLock(pattern, stop.signal));
      } catch {
        // The text below then says only that the list has no such name.
      }
    };
    const timer = setTimeout(() => void read(), 300);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [dashboard, pattern]);
  if (detail?.lock !== undefined) {
    return (
      <p class="empty">
        The list does not have it yet, but a server does: <LockLink name={pattern} />
      </p>
    );
  }
  return (
    <div class="empty">
      <p>
        No lock “<Name name={pattern} />”
        {detail !== undefined &&
          ` on any server that answered (read ${formatDuration(Date.now() - detail.readAt)} ago)`}
        .
      </p>
      {detail !== undefined && !describeAbsent(detail).isFree && (
        <p>
          <Sentence text={detail.next} />
        </p>
      )}
      {detail !== undefined && detail.similar.length > 0 && (
        <p>
          Names in use that look alike:{" "}
          {detail.similar.map((name, index) => (
            <span key={name}>
              {index > 0 && ", "}
              <LockLink name={name} />
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
