import type { JSX } from "preact";
import { KEYS } from "../page/keys.ts";
import { useDashboardChanges } from "../page/hooks.ts";
import { Dialog } from "./dialog.tsx";
import { MarkedWord, type MarkState } from "./mark.tsx";

const MEANINGS: readonly (readonly [MarkState, string])[] = [
  ["good", "good: up, held, votes for this holder"],
  ["attention", "attention: short, not extended, slow"],
  ["bad", "bad: no answer, lost, votes for another"],
  ["paused", "paused: quarantined, abstains"],
  ["unknown", "unknown: no key, no connection"],
];

export function HelpDialog(): JSX.Element {
  const dashboard = useDashboardChanges();
  const { preferences } = dashboard;
  return (
    <Dialog label="Help" onClose={() => dashboard.showDialog(undefined)}>
      <h2>Keys</h2>
      <dl class="key-list">
        {KEYS.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>{keys.split(" ").map((key) => (key === "" ? "" : <kbd key={key}>{key}</kbd>))}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={preferences.hasLetterKeys}
          onChange={() => dashboard.toggleLetterKeys()}
        />
        Letters act as keys
      </label>
      <h2>Shapes</h2>
      <ul class="shape-list">
        {MEANINGS.map(([state, meaning]) => (
          <li key={state}>
            <MarkedWord state={state} word={meaning} />
          </li>
        ))}
      </ul>
      <p class="quiet">No key releases a lock.</p>
      <form method="dialog" class="dialog-buttons">
        <button class="button" autofocus>
          Close
        </button>
      </form>
    </Dialog>
  );
}
