import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from "@nestjs/common";
import { BaseExceptionFilter, HttpAdapterHost } from "@nestjs/core";
import { LockError, type LockErrorCode } from "quorumlock";
import { throwError } from "rxjs";
import { isBusyError } from "./busy-error.ts";
import { describeValue } from "./describe-value.ts";

/** Options of `LockExceptionFilter`. */
export interface LockExceptionFilterOptions {
  /** The HTTP status if others have the lock: 409 Conflict, or 423 Locked. @default 409 */
  readonly busyStatus?: 409 | 423 | undefined;
}

/** No caller can get a lock now, because the client or its servers cannot grant any. */
const UNAVAILABLE: ReadonlySet<LockErrorCode> = new Set([
  "LOCK_NO_QUORUM",
  "LOCK_CIRCUIT_OPEN",
  "LOCK_CLOSED",
  "LOCK_RECONFIGURING",
]);
const ERRORS: Readonly<Record<number, string>> = {
  409: "Conflict",
  423: "Locked",
  503: "Service Unavailable",
};
const MESSAGES: Readonly<Record<number, string>> = {
  409: "the resource is locked; try again later",
  423: "the resource is locked; try again later",
  503: "no lock can be granted now; try again later",
};

/**
 * Turns errors of locks into HTTP responses: 409 or 423 if others have the lock, and 503 if no lock can be granted, because too few servers
 * answer or the application shuts down. All other errors, such as the loss of a lock, stay what they are for Nest: 500. The response has
 * the `code` of the error, but not its message, which names hosts and holders.
 *
 * ```ts
 * providers: [{ provide: APP_FILTER, useClass: LockExceptionFilter }]
 * ```
 * In a gateway, the client gets the event `exception` with `{ status: "error", code, message }`. Elsewhere, as in microservices and
 * GraphQL, the error is passed on as it is.
 */
export class LockExceptionFilter implements ExceptionFilter<LockError> {
  readonly #adapterHost: HttpAdapterHost;
  readonly #busyStatus: 409 | 423;
  readonly #logger = new Logger("Quorumlock");

  /**
   * @param adapterHost of the application. Nest injects it.
   * @throws RangeError for a bad status.
   */
  constructor(adapterHost: HttpAdapterHost, { busyStatus = 409 }: LockExceptionFilterOptions = {}) {
    if (busyStatus !== 409 && busyStatus !== 423)
      throw new RangeError(`busyStatus: ${describeValue(busyStatus)} must be 409 or 423`);
    this.#adapterHost = adapterHost;
    this.#busyStatus = busyStatus;
  }

  /** Called by Nest. */
  catch(error: LockError, host: ArgumentsHost): unknown {
    if (host.getType() === "rpc") return throwError(() => error);
    if (host.getType() === "ws") return this.#emit(error, host);
    if (host.getType() !== "http") throw error;
    const status = this.#statusOf(error);
    if (status === 503) this.#logger.error(error.message);
    const body = {
      statusCode: status,
      error: ERRORS[status ?? 0],
      message: MESSAGES[status ?? 0],
      code: error.code,
    };
    const exception = status === undefined ? error : new HttpException(body, status, { cause: error });
    return new BaseExceptionFilter(this.#adapterHost.httpAdapter).catch(exception, host);
  }

  /** What Nest itself does with an exception of a gateway. An error that a filter throws there ends the process. */
  #emit(error: LockError, host: ArgumentsHost): void {
    const status = this.#statusOf(error);
    if (status !== this.#busyStatus) this.#logger.error(error.message);
    const message = MESSAGES[status ?? 0] ?? "Internal server error";
    const client = host.switchToWs().getClient<{ emit(event: string, body: object): unknown }>();
    client.emit("exception", { status: "error", code: error.code, message });
  }

  /** `undefined` for errors that are no matter of the client. */
  #statusOf(error: LockError): number | undefined {
    if (isBusyError(error)) return this.#busyStatus;
    return UNAVAILABLE.has(error.code) ? 503 : undefined;
  }
}
Injectable()(LockExceptionFilter);
Catch(LockError)(LockExceptionFilter);
Inject(HttpAdapterHost)(LockExceptionFilter, undefined, 0);
