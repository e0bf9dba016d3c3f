import { InstanceError } from "../base/errors.ts";

/** Error replies of servers begin with a word in capitals. Errors of client libraries do not. */
const ERROR_REPLY = /^[A-Z][A-Z0-9]+ /;

/** The server answered a call with an error, such as `NOPERM`, `BUSY` or `LOADING`. It carried out no request of that call. */
export class RefusedCallError extends InstanceError {
  constructor(reply: Error) {
    super("INSTANCE_REPLY", reply.message, { cause: reply });
  }
}

/** The abstention that stands for a call that failed. `isConnected`: whether the connection works. */
export function callError(cause: Error, isConnected: boolean): InstanceError {
  return isConnected && ERROR_REPLY.test(cause.message)
    ? new RefusedCallError(cause)
    : new InstanceError("INSTANCE_UNAVAILABLE", cause.message || cause.name, { cause });
}
