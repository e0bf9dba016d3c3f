import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useTick } from "../page/hooks.ts";

/** A text that changes with time alone, such as an age. */
export function LiveText({
  text,
  everyMs = 1_000,
}: {
  readonly text: (now: number) => string;
  readonly everyMs?: number;
}): JSX.Element {
  const element = useRef<HTMLSpanElement>(null);
  useTick(everyMs, (now) => setText(element.current, text(now)));
  return <span ref={element} />;
}

/** Changes the document only if the text is another one, and keeps the node of the text. */
export function setText(element: HTMLElement | null, text: string): void {
  const node = element?.firstChild;
  if (node instanceof Text) {
    if (node.data !== text) node.data = text;
  } else if (element !== null) {
    element.textContent = text;
  }
}
