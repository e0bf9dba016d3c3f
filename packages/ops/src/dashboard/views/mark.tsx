import type { JSX } from "preact";

/** Each has its own shape and colour, and a word stands beside it: a state is never shown by colour alone. */
export type MarkState = "good" | "attention" | "bad" | "paused" | "unknown";

const SHAPES: Readonly<Record<MarkState, JSX.Element>> = {
  good: <circle cx="8" cy="8" r="6" />,
  attention: <path d="M8 1.4 15.4 14.6H.6z" />,
  bad: <path d="M3 3 13 13M13 3 3 13" class="mark-stroke" />,
  paused: <path d="M3 2h4v12H3zM9 2h4v12H9z" />,
  unknown: <circle cx="8" cy="8" r="6" class="mark-dashed" />,
};

/** The shape of a state. The reader of the screen gets the word instead. */
export function Mark({ state, large = false }: { readonly state: MarkState; readonly large?: boolean }): JSX.Element {
  return (
    <svg class={`mark ${state}${large ? " mark-large" : ""}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}

/** A shape with its word, in the colour of the state. */
export function MarkedWord({ state, word }: { readonly state: MarkState; readonly word: string }): JSX.Element {
  return (
    <span class={`marked ${state}`}>
      <Mark state={state} />
      <span>{word}</span>
    </span>
  );
}
