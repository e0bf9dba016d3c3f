import type { JSX } from "preact";

/** Each has its own shape and colour, and a word stands beside it: a state is never shown by colour alone. */
export type MarkState = "good" | "attention" | "bad" | "paused" | "unknown";

/** The shape of a state, drawn by marks.css. Readers of the screen get the word instead. */
export function Mark({
  state,
  large = false,
}: {
  readonly state: MarkState;
  readonly large?: boolean;
}): JSX.Element {
  return <i class={`mark ${state}${large ? " mark-large" : ""}`} aria-hidden="true" />;
}

/** A shape with its word, in the colour of the state. */
export function MarkedWord({
  state,
  word,
}: {
  readonly state: MarkState;
  readonly word: string;
}): JSX.Element {
  return (
    <span class={`marked ${state}`}>
      <Mark state={state} />
      <span>{word}</span>
    </span>
  );
}
