import type { AlertMessage } from "../message.ts";
import type { AlertChannel } from "./channel.ts";
import { safeError } from "./redact.ts";

/** A function that sends a message. It gets a signal that aborts after the time limit. */
export type SendFunction = (message: AlertMessage, signal: AbortSignal) => unknown;

/** Calls a function for each message. */
export function customChannel(name: string, send: SendFunction): AlertChannel {
  return {
    name,
    async send(message, signal) {
      try {
        await send(message, signal);
      } catch (error) {
        throw safeError(error, []);
      }
      return undefined;
    },
  };
}
