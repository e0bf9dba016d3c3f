import { systemClock } from "../base/clock.ts";
import { InstanceError } from "../base/errors.ts";
import type { Reply, Request } from "../operations/request.ts";
import { hostOf } from "./label.ts";
import { NO_SUBSCRIPTION } from "./no-subscription.ts";
import { PolledConnection } from "./polled-connection.ts";
import type { ConnectionListener, Instance, Subscription } from "./port.ts";
import { readRestError } from "./rest-errors.ts";
import { parseSetting } from "./setting.ts";

/** The members of a REST client that this file uses: version 1 of `@upstash/redis`, or a client with the same interface. */
export interface RestClient {
  exec(command: [string, ...string[]]): Promise<unknown>;
  readonly readYourWritesSyncToken: string | undefined;
}

export function isRest(client: object): client is RestClient {
  return "exec" in client && "readYourWritesSyncToken" in client;
}

/** How long an answer may take, with all tries of the client. After that it counts as lost: the client has no limit of its own. */
const MAX_SILENCE_MS = 5_000;

/**
 * A server behind a REST client that the user passed. Each call is one HTTP request. HTTP requests can overtake each other, and the
 * client may repeat one, so the next one is sent after the answer.
 */
export class RestInstance implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly hasSubscriptions = false;
  readonly #client: RestClient;
  readonly #connection: PolledConnection;

  constructor(client: RestClient) {
    this.#client = client;
    this.label = labelOf(client);
    this.#connection = new PolledConnection({
      isCluster: false,
      send: (command) => withLimit(client.exec(command as [string, ...string[]])),
      readError: (error) => (error instanceof InstanceError ? { kind: "lost", error } : readRestError(error)),
    });
  }

  get isAvailable(): boolean {
    return this.#connection.isOpen;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#connection.run(requests);
  }

  readSetting(name: string): Promise<string | undefined> {
    return parseSetting(name, () => withLimit(this.#client.exec(["CONFIG", "GET", name])));
  }

  observe(listener: ConnectionListener): () => void {
    return this.#connection.observe(listener);
  }

  openSubscription(): Subscription {
    return NO_SUBSCRIPTION;
  }

  async close(): Promise<void> {
    this.#connection.end();
  }
}

function withLimit(answer: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const limit = systemClock.setTimer(
      MAX_SILENCE_MS,
      () => reject(new InstanceError("INSTANCE_TIMEOUT", `no answer within ${MAX_SILENCE_MS} ms`)),
      false,
    );
    answer.then(resolve, reject).finally(() => limit.cancel());
  });
}

/** The host of the URL, which the client keeps in a private field. */
function labelOf(client: RestClient): string {
  const { baseUrl } = ((client as { readonly client?: unknown }).client ?? {}) as {
    readonly baseUrl?: unknown;
  };
  return typeof baseUrl === "string" && URL.canParse(baseUrl) ? hostOf(new URL(baseUrl)) : "REST database";
}
