import type { JSX } from "preact";
import { useState } from "preact/hooks";

const CONFIRMED_MS = 2_000;

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const [result, setResult] = useState<"Copied" | "Not copied" | undefined>(undefined);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setResult("Copied");
    } catch {
      // The browser allows it only on a secure origin.
      setResult("Not copied");
    }
    setTimeout(() => setResult(undefined), CONFIRMED_MS);
  };
  return (
    <button type="button" class="button small" aria-label={result ?? label} onClick={() => void copy()}>
      {result ?? "Copy"}
    </button>
  );
}
