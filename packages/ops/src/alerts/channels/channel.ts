import type { AlertMessage } from "../message.ts";

/** Where messages go. */
export interface AlertChannel {
  /** Its name in logs, metrics and commands, such as `slack`. */
  readonly name: string;
  /**
   * Sends one message, and resolves to a short result such as "200". It must end soon after `signal` aborts. Its errors must have no
   * secret.
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<string | undefined>;
}
