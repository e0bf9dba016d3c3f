import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useDashboard } from "../page/hooks.ts";
import { Dialog } from "./dialog.tsx";
import { Mark } from "./mark.tsx";

export function SignInDialog(): JSX.Element {
  const dashboard = useDashboard();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const signIn = async (): Promise<void> => {
    setBusy(true);
    try {
      const session = await dashboard.signIn(token);
      if (session === undefined) setProblem("The monitor does not know this token.");
      else dashboard.showDialog(undefined);
    } catch {
      setProblem("The monitor does not answer.");
    }
    setBusy(false);
  };
  return (
    <Dialog label="Sign in" onClose={() => dashboard.showDialog(undefined)}>
      <form
        onSubmit={(event: Event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <h2>Enter token</h2>
        <p>The monitor swaps it for a cookie that ends after 8 hours. The page does not keep the token.</p>
        <label class="field">
          Token
          <input
            type="password"
            autocomplete="current-password"
            autofocus
            value={token}
            onInput={(event: Event) => setToken((event.currentTarget as HTMLInputElement).value)}
          />
        </label>
        {problem !== undefined && (
          <p class="notice" role="alert">
            <Mark state="bad" /> {problem}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dashboard.showDialog(undefined)}>
            Cancel
          </button>
          <button class="button primary" disabled={token === "" || isBusy}>
            Sign in
          </button>
        </div>
      </form>
    </Dialog>
  );
}
