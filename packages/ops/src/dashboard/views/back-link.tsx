import type { JSX } from "preact";
import { useDashboard } from "../page/hooks.ts";

export function BackLink({ label }: { readonly label: string }): JSX.Element {
  const dashboard = useDashboard();
  return (
    <a
      class="button back"
      href={dashboard.href({ page: "overview" })}
      onClick={(event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        dashboard.back();
      }}
    >
      <span aria-hidden="true">‹</span> {label}
    </a>
  );
}
