import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LockDetail, ReleaseReply } from "../../monitor/api.ts";
import { formatPlural } from "../../format/count.ts";
import { formatDuration, formatSeconds, formatWholeSeconds } from "../../format/duration.ts";
import { displayName } from "../../format/name.ts";
import { useDashboard, useNow, useStore } from "../page/hooks.ts";
import { freshnessOf } from "../state/freshness.ts";
import { Dialog } from "./dialog.tsx";
import { Mark } from "./mark.tsx";
import { describeAbsent } from "./states.ts";
import { Name, Sentence } from "./text.tsx";

type Mode = "drain" | "now";
type Reading =
  | { readonly state: "reading" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "read"; readonly detail: LockDetail };
type Result = ReleaseReply & { readonly status: number };

/** A holder that reported in this time is probably still working. */
const RECENT_REPORT_MS = 15_000;
const READ_LIMIT_MS = 5_000;

/** Shows whose lock it is, read again from all servers, before anything can be released. */
export function ReleaseDialog({
  name,
  holderId,
}: {
  readonly name: string;
  readonly holderId: string;
}): JSX.Element {
  const dashboard = useDashboard();
  const [reading, setReading] = useState<Reading>({ state: "reading" });
  const [round, setRound] = useState(0);
  const [result, setResult] = useState<Result | undefined>(undefined);
  const close = (): void => dashboard.showDialog(undefined);
  useEffect(() => {
    const read = async (): Promise<void> => {
      setReading({ state: "reading" });
      try {
        const detail = await dashboard.readLock(name, AbortSignal.timeout(READ_LIMIT_MS));
        setReading({ state: "read", detail });
      } catch {
        setReading({ state: "failed", message: "The servers could not be read. Nothing was released." });
      }
    };
    void read();
  }, [dashboard, name, round]);
  const lookAgain = (): void => {
    setResult(undefined);
    setRound(round + 1);
  };
  const shown = displayName(name, 40);
  return (
    <Dialog label={`Release ${shown}`} onClose={close}>
      <h2>
        Release <Name name={name} maxLength={40} />
        {result === undefined && "?"}
      </h2>
      {result !== undefined && <ResultText result={result} onLookAgain={lookAgain} onClose={close} />}
      {result === undefined && reading.state !== "read" && (
        <>
          <p>{reading.state === "reading" ? "Reading all servers …" : reading.message}</p>
          <div class="dialog-buttons">
            <button type="button" class="button" autofocus onClick={close}>
              Cancel
            </button>
            {reading.state === "failed" && (
              <button type="button" class="button" onClick={lookAgain}>
                Look again
              </button>
            )}
          </div>
        </>
      )}
      {result === undefined && reading.state === "read" && (
        <ReleaseForm detail={reading.detail} holderId={holderId} onCancel={close} onResult={setResult} />
      )}
    </Dialog>
  );
}

function ResultText({
  result,
  onLookAgain,
  onClose,
}: {
  readonly result: Result;
  readonly onLookAgain: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <>
      <p class="result" role="alert">
        <Mark state={result.released ? "good" : "bad"} large />
        <span>
          <Sentence text={result.message} />
          {result.newFence !== undefined && !result.message.includes(String(result.newFence)) && (
            <> New fence {result.newFence}.</>
          )}
        </span>
      </p>
      <div class="dialog-buttons">
        {result.status === 409 && (
          <button type="button" class="button" onClick={onLookAgain}>
            Look again
          </button>
        )}
        <button type="button" class="button" autofocus ref={focusOnce} onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}

function focusOnce(button: HTMLButtonElement | null): void {
  if (button !== null && button.dataset["focused"] === undefined) {
    button.dataset["focused"] = "";
    button.focus();
  }
}

interface ReleaseFormProps {
  readonly detail: LockDetail;
  readonly holderId: string;
  readonly onCancel: () => void;
  readonly onResult: (result: Result) => void;
}

function ReleaseForm({ detail, holderId, onCancel, onResult }: ReleaseFormProps): JSX.Element {
  const dashboard = useDashboard();
  const holder = detail.holders.find(({ id }) => id === holderId);
  const remainingMs =
    holder?.remainingMs ?? (detail.lock?.holder?.id === holderId ? detail.lock.remainingMs : undefined);
  const canDrain = remainingMs !== undefined;
  const [mode, setMode] = useState<Mode>(canDrain ? "drain" : "now");
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const connection = useStore((state) => state.connection);
  const lastHeardAt = useStore((state) => state.lastHeardAt);
  const freshness = freshnessOf(connection, lastHeardAt, useNow(1_000));
  const isOld = freshness !== "live" && freshness !== "stale";
  // A name that cannot be typed is typed as it is shown.
  const isSameName = typed === detail.name || typed === displayName(detail.name);
  const isReady = reason.trim() !== "" && isSameName && !isBusy && !isOld;
  if (holder === undefined && detail.lock?.holder?.id !== holderId) {
    return (
      <>
        <p class="result">
          <Mark state="bad" large />
          <span>
            {detail.lock === undefined
              ? describeAbsent(detail).isFree
                ? "It is free now. There is nothing to release."
                : `${detail.next} No server that answered has a key that could be released.`
              : `The holder changed. ${displayName(detail.lock.holder?.owner ?? "Another process")} has it now.`}
          </span>
        </p>
        <div class="dialog-buttons">
          <button type="button" class="button" ref={focusOnce} onClick={onCancel}>
            Close
          </button>
        </div>
      </>
    );
  }
  const release = async (): Promise<void> => {
    setBusy(true);
    try {
      const fence = detail.lock?.holder?.id === holderId ? detail.lock.fence : undefined;
      onResult(await dashboard.release({ name: detail.name, holderId, fence, mode, reason: reason.trim() }));
    } catch {
      const message =
        "The monitor did not answer. Look at the lock before you try again: it may be released.";
      onResult({ released: false, message, newFence: undefined, freeAt: undefined, status: 0 });
    }
    setBusy(false);
  };
  const left = remainingMs === undefined ? "" : formatSeconds(remainingMs);
  return (
    <form
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (isReady) void release();
      }}
    >
      <Situation detail={detail} holderId={holderId} remainingMs={remainingMs} />
      <fieldset class="modes">
        <legend class="hidden">When</legend>
        <ModeChoice mode="drain" chosen={mode} isDisabled={!canDrain} onChoose={setMode}>
          <strong>When its lease ends{canDrain && `, in ${left}`}</strong>
          <span>
            {canDrain
              ? "Safe for the lock: no other holder enters before."
              : "Not possible: the key has no expiry, so its lease never ends."}
          </span>
        </ModeChoice>
        <ModeChoice mode="now" chosen={mode} isDisabled={false} onChoose={setMode}>
          <strong>Now</strong>
          <span>
            The holder may still be working: two can work at the same time{canDrain && ` for up to ${left}`}.
            Its next extension takes the lock again, if nobody else has it by then.
          </span>
        </ModeChoice>
      </fieldset>
      <p class="quiet">
        What the release does not do: it does not stop{" "}
        <Name name={holder?.owner ?? detail.lock?.holder?.owner ?? "the holder"} maxLength={40} />. To refuse
        its late writes, record the fence shown after the release in the protected store.
      </p>
      <label class="field">
        Reason (kept)
        <input
          type="text"
          maxLength={500}
          value={reason}
          onInput={(event: Event) => setReason((event.currentTarget as HTMLInputElement).value)}
        />
      </label>
      <label class="field">
        <span>
          Type the name to confirm: <Name name={detail.name} />
        </span>
        <input
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event: Event) => setTyped((event.currentTarget as HTMLInputElement).value)}
        />
      </label>
      <div class="dialog-buttons">
        <button type="button" class="button" ref={focusOnce} onClick={onCancel}>
          Cancel
        </button>
        <button class="button danger" disabled={!isReady}>
          Release {displayName(detail.name, 24)}
        </button>
      </div>
    </form>
  );
}

function ModeChoice({
  mode,
  chosen,
  isDisabled,
  onChoose,
  children,
}: {
  readonly mode: Mode;
  readonly chosen: Mode;
  readonly isDisabled: boolean;
  readonly onChoose: (mode: Mode) => void;
  readonly children: JSX.Element[];
}): JSX.Element {
  return (
    <label class={`mode${mode === chosen ? " chosen" : ""}`}>
      <input
        type="radio"
        name="mode"
        value={mode}
        checked={mode === chosen}
        disabled={isDisabled}
        onChange={() => onChoose(mode)}
      />
      <span class="mode-text">{children}</span>
    </label>
  );
}

/** Whose lock it is. The operator must know that before anything else. */
function Situation({
  detail,
  holderId,
  remainingMs,
}: {
  readonly detail: LockDetail;
  readonly holderId: string;
  readonly remainingMs: number | undefined;
}): JSX.Element {
  const { lock } = detail;
  const holder = detail.holders.find(({ id }) => id === holderId);
  const owner = holder?.owner ?? lock?.holder?.owner;
  const votes = (holder?.votes ?? lock?.votes ?? []).filter((vote) => vote === "holder").length;
  const callers = detail.line.reduce((sum, waiter) => sum + waiter.callers, 0);
  const oldest = Math.max(0, ...detail.line.map((waiter) => waiter.oldestWaitMs ?? 0));
  const heldFor = holder?.reportedMs ?? lock?.ageMs;
  const isReported = holder?.reportedMs !== undefined || lock?.ageSource === "report";
  const { reportedMsAgo } = detail;
  return (
    <>
      <p>
        Held by{" "}
        <strong>{owner === undefined ? "an unknown owner" : <Name name={owner} maxLength={48} />}</strong> (id{" "}
        {holderId}) for{" "}
        <strong>
          {!isReported && "≥ "}
          {heldFor === undefined ? "an unknown time" : formatDuration(heldFor)}
        </strong>{" "}
        ({isReported ? "reported" : "since first seen"}).{" "}
        {lock?.fence !== undefined && lock.holder?.id === holderId && (
          <>
            Fence <strong class="figure">{lock.fence}</strong>.{" "}
          </>
        )}
        {remainingMs === undefined ? "The key has no expiry." : `Lease: ${formatSeconds(remainingMs)} left.`}{" "}
        Votes {votes} of {detail.servers.length}.{" "}
        {callers > 0 &&
          `${formatPlural(callers, "caller waits", "callers wait")}, oldest ${formatDuration(oldest)}.`}
      </p>
      {reportedMsAgo !== undefined && reportedMsAgo < RECENT_REPORT_MS && (
        <p class="notice">
          <Mark state="attention" />
          This process reported {formatWholeSeconds(reportedMsAgo)} ago. It is probably still working.
        </p>
      )}
    </>
  );
}
