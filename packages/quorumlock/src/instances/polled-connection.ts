import { systemClock, type Timer } from "../base/clock.ts";
import { hashSlot } from "../operations/hash-slot.ts";
import type { Reply, Request } from "../operations/request.ts";
import { Connection } from "./connection.ts";
import { OrderedRuns } from "./ordered-runs.ts";
import type { ConnectionListener } from "./port.ts";
import type { ScriptCall } from "./script-call.ts";
import { ScriptRunner } from "./script-runner.ts";
import { readStamped, stampedScriptOf } from "./stamped-script.ts";

/** The pause before a PING to a server that did not answer. Each further pause is twice as long, up to the maximum. */
const MIN_PROBE_PAUSE_MS = 50;
const MAX_PROBE_PAUSE_MS = 2_000;

/**
 * What an error of a client library means.
 *
 * - `refused`: the server answered with an error, whose message begins with its code, such as `NOSCRIPT`.
 * - `lost`: there is no answer, and none will come.
 * - `closed`: the user has closed the client.
 */
export interface CallFailure {
  readonly kind: "refused" | "lost" | "closed";
  /** Without the command, because its arguments are the keys and tokens of locks. */
  readonly error: Error;
}

/** A client can answer an aborted request by itself. */
const NO_ANSWER: CallFailure = { kind: "lost", error: new Error("the answer is not one of the server") };

/** A client library that sends commands, and reports nothing about its connections. */
export interface CommandClient {
  readonly isCluster: boolean;
  /** `key`: a cluster client selects the node by it. */
  send(command: readonly string[], key?: string): Promise<unknown>;
  readError(error: unknown): CallFailure;
}

/**
 * The connection of a client that reports nothing about it. It is known from the answers.
 *
 * - `open`: the latest command was answered, or none was sent yet. Each reply has the run id of the server, so a server that was
 *   restarted between two commands counts as a new connection.
 * - `broken`: a command got no answer. Nothing is sent except PING, until it is answered: the backlog of a hung server must stay
 *   bounded. A cluster stays open, because its other nodes answer. Its next answer counts as a new connection.
 * - `closed`: the user has closed the client.
 */
export class PolledConnection {
  readonly #client: CommandClient;
  readonly #runner: ScriptRunner;
  /** A server has one queue. A cluster has one for each hash slot whose requests are on the way. */
  readonly #queues = new Map<number, OrderedRuns>();
  readonly #observers = new Set<Connection>();
  #state: "open" | "broken" | "closed" = "open";
  /** Why the connection is not open. */
  #error: Error | undefined;
  /**
   * The `run_id` behind each hash slot since the connection opened, or behind slot 0 of a single server; "" if the server does not
   * report it. Another one than before is a new connection.
   */
  readonly #runIds = new Map<number, string>();
  /** Whether a cluster has left a call without an answer since its latest answer. The node may have been restarted. */
  #isInDoubt = false;
  #probe: Timer | undefined;
  /** The pause before the next PING. A reply to a script shortens it again. */
  #probePauseMs = MIN_PROBE_PAUSE_MS;
  #isEnded = false;

  constructor(client: CommandClient) {
    this.#client = client;
    const { isCluster } = client;
    const send = (command: string, call: ScriptCall): Promise<unknown> => this.#call(command, call);
    this.#runner = new ScriptRunner(send, isCluster, "", true);
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (!this.#client.isCluster) return this.#queueOf(0).run(requests);
    const slots = new Map<number, Request[]>();
    for (const request of requests) {
      const slot = hashSlot(request.keys[0] ?? "");
      const others = slots.get(slot);
      if (others === undefined) slots.set(slot, [request]);
      else others.push(request);
    }
    const replyTo = new Map<Request, Reply>();
    await Promise.all(
      [...slots].map(async ([slot, part]) => {
        const replies = await this.#queueOf(slot).run(part);
        part.forEach((request, index) => replyTo.set(request, replies[index]!));
      }),
    );
    return requests.map((request) => replyTo.get(request)!);
  }

  observe(listener: ConnectionListener): () => void {
    const observer = new Connection(listener, this.isOpen);
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Sends nothing any more by itself. */
  end(): void {
    this.#isEnded = true;
    this.#probe?.cancel();
  }

  #queueOf(slot: number): OrderedRuns {
    let queue = this.#queues.get(slot);
    if (queue === undefined) {
      queue = new OrderedRuns(
        (requests) => this.#runner.run(requests),
        () => this.#queues.delete(slot),
      );
      this.#queues.set(slot, queue);
    }
    return queue;
  }

  async #call(command: string, { script, args, key }: ScriptCall): Promise<unknown> {
    // The calls that waited for one without an answer are not sent.
    if (this.#error !== undefined) throw this.#error;
    const { text, sha } = stampedScriptOf(script);
    let answer: unknown;
    try {
      answer = await this.#client.send([command, command === "EVAL" ? text : sha, ...args], key);
    } catch (error) {
      throw this.#onFailure(this.#client.readError(error));
    }
    const stamped = readStamped(answer);
    if (stamped === undefined) throw this.#onFailure(NO_ANSWER);
    this.#probePauseMs = MIN_PROBE_PAUSE_MS;
    this.#onRunId(this.#client.isCluster ? hashSlot(key) : 0, stamped.runId);
    return stamped.reply;
  }

  #onRunId(slot: number, runId: string): void {
    // Calls to several nodes are on the way at a time, so an answer can come after the user has closed the client.
    if (this.#state !== "open") return;
    const before = this.#runIds.get(slot);
    // A cluster waits for an answer: an observer identifies the server, and a node that is down would lose that call again, at once.
    if (this.#isInDoubt || (before !== undefined && before !== runId)) this.#onOpened();
    this.#runIds.set(slot, runId);
  }

  #onFailure({ kind, error }: CallFailure): Error {
    if (kind === "refused") return error;
    // Without the code of a time-out, after which the members would wait for a late answer.
    if (kind === "lost" && this.#client.isCluster) {
      this.#isInDoubt = true;
      return new Error(error.message);
    }
    const before = this.#state;
    this.#state = kind === "closed" ? "closed" : "broken";
    if (before !== "open") return error;
    this.#error = error;
    if (kind === "lost") this.#scheduleProbe();
    for (const observer of this.#observers) observer.onBroken(error);
    return error;
  }

  #onOpened(): void {
    this.#state = "open";
    this.#error = undefined;
    this.#isInDoubt = false;
    this.#runIds.clear();
    this.#runner.reset();
    for (const observer of this.#observers) observer.onOpened();
  }

  #scheduleProbe(): void {
    if (this.#isEnded) return;
    const pauseMs = this.#probePauseMs;
    this.#probePauseMs = Math.min(2 * pauseMs, MAX_PROBE_PAUSE_MS);
    this.#probe = systemClock.setTimer(pauseMs, () => void this.#probeServer(), false);
  }

  async #probeServer(): Promise<void> {
    const failure = await this.#client.send(["PING"]).then(
      (answer) => (String(answer) === "PONG" ? undefined : NO_ANSWER),
      (error: unknown) => this.#client.readError(error),
    );
    if (this.#isEnded || this.#state !== "broken") return;
    if (failure === undefined || failure.kind === "refused") {
      this.#onOpened();
      return;
    }
    const before = this.#error?.message;
    this.#error = failure.error;
    if (failure.error.message !== before)
      for (const observer of this.#observers) observer.onError(failure.error);
    if (failure.kind === "closed") this.#state = "closed";
    else this.#scheduleProbe();
  }
}
