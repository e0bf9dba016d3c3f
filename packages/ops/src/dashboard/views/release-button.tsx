import type { JSX } from "preact";
import { displayName } from "../../format/name.ts";
import { useDashboard, useStore } from "../page/hooks.ts";
import type { Freshness } from "../state/freshness.ts";

interface ReleaseButtonProps {
  readonly name: string;
  readonly holderId: string;
  readonly canRelease: boolean;
  readonly freshness: Freshness;
  readonly isSmall?: boolean;
}

/** Opens the dialog. It is missing if the monitor allows no releases, and disabled while the page shows old values. */
export function ReleaseButton({
  name,
  holderId,
  canRelease,
  freshness,
  isSmall = false,
}: ReleaseButtonProps): JSX.Element | null {
  const dashboard = useDashboard();
  const releaseEnabled = useStore((state) => state.about?.releaseEnabled);
  const viewer = useStore((state) => state.about?.viewer);
  if (releaseEnabled !== true) return null;
  const size = isSmall ? " small" : "";
  if (!canRelease && viewer === undefined) {
    return (
      <button
        type="button"
        class={`button release${size}`}
        onClick={() => dashboard.showDialog({ dialog: "sign-in" })}
      >
        Sign in to release…
      </button>
    );
  }
  const isOld = freshness !== "live" && freshness !== "stale";
  const why = isOld ? "The values are old." : "Your token may read, not release.";
  return (
    <button
      type="button"
      class={`button release${size}`}
      disabled={isOld || !canRelease}
      title={isOld || !canRelease ? why : undefined}
      onClick={() => dashboard.showDialog({ dialog: "release", name, holderId })}
    >
      {isSmall ? "Release…" : `Release ${displayName(name, 24)}…`}
    </button>
  );
}
