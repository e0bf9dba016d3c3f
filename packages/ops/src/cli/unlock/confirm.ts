import { displayName, fullName } from "../../format/name.ts";
import { EXIT } from "../command-error.ts";
import { Prompt } from "./prompt.ts";
import type { Refusal } from "./refusal.ts";

export const MAX_REASON_LENGTH = 500;

export interface ConfirmOptions {
  readonly name: string;
  /** The id of the holder. */
  readonly id: string;
  /** `undefined` asks for it. */
  readonly reason: string | undefined;
  /** The text as the output shows it. */
  readonly text: (text: string) => string;
}

/** Asks for the reason and the name. @throws the reason of the signal if it aborts. */
export async function confirm(
  { name, id, reason, text }: ConfirmOptions,
  signal: AbortSignal,
): Promise<Refusal | { readonly reason: string }> {
  if (!Prompt.isPossible)
    return refusal(`there is no terminal to confirm it. In a script, use --yes --token ${id}`);
  using prompt = new Prompt(signal);
  const why = reason ?? (await prompt.ask("Reason (kept in the audit): "));
  if (why === undefined) return refusal("the input was closed.");
  if (why.trim() === "") return refusal("a reason is needed.");
  const typed = await prompt.ask(text(`Type the name to confirm (${displayName(name)}): `));
  if (typed === undefined) return refusal("the input was closed.");
  // Some characters of a name cannot be typed.
  if (typed !== name && typed !== fullName(name)) return refusal("the name is not the same.");
  return { reason: why.trim().slice(0, MAX_REASON_LENGTH) };
}

function refusal(why: string): Refusal {
  return { exitCode: EXIT.refused, why: "not-confirmed", message: `Not released: ${why}` };
}
