import type { JSX } from "preact";
import { formatWholeSeconds } from "../../format/duration.ts";
import { useClock, useStore } from "../page/hooks.ts";
import { MarkedWord } from "./mark.tsx";
import { markOfAlert, withoutMark } from "./states.ts";
import { Sentence, useClockAhead } from "./text.tsx";

const SEVERITY_WORDS = { critical: "Critical", warning: "Warning", info: "Note" } as const;
const SEVERITY_ORDER = { critical: 0, warning: 1, info: 2 } as const;

/** The alerts that fire, worst first, and those that have ended a moment ago. */
export function Alerts(): JSX.Element {
  const alerts = useStore((state) => state.alerts);
  const ahead = useClockAhead();
  const now = useClock(1_000);
  const sorted = alerts.toSorted(
    (a, b) =>
      Number(a.state === "resolved") - Number(b.state === "resolved") ||
      SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity],
  );
  return (
    <section class="card alerts" aria-label="Alerts">
      {sorted.length === 0 && (
        <p class="alert-row">
          <MarkedWord state="good" word="No alerts" />
        </p>
      )}
      <ul>
        {sorted.map((alert) => (
          <li key={`${alert.rule} ${alert.text}`} class="alert-row">
            <MarkedWord
              state={markOfAlert(alert)}
              word={alert.state === "resolved" ? "Resolved" : SEVERITY_WORDS[alert.severity]}
            />
            <p class="alert-text">
              <Sentence text={withoutMark(alert.text)} />
              {alert.remedy !== undefined && alert.state === "firing" && (
                <span class="quiet">
                  {" "}
                  Do this: <Sentence text={alert.remedy} />
                </span>
              )}
            </p>
            <span class="quiet alert-since">
              for {formatWholeSeconds(Math.max(1_000, now + ahead - alert.sinceAt))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
