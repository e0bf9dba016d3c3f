import type { Reply, ReplyList, Request } from "../../src/operations/request.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** Keeps an append-only file. Reports `appendfsync` when the test calls the function in `questions`. */
export class AppendingInstance extends WatchedInstance {
  readonly questions: ((fsync: string | undefined) => void)[] = [];
  appends = true;

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    return replies.map((reply, index) =>
      requests[index]!.operation.name === "identify" && this.appends
        ? ([...(reply as ReplyList).slice(0, 4), 1, ...(reply as ReplyList).slice(5)] as unknown as Reply)
        : reply,
    );
  }

  /** A server that keeps the file starts with its keys. */
  override restart(): void {
    const kept = this.appends ? this.keys().map((key) => [key, this.get(key) ?? ""] as const) : [];
    super.restart();
    for (const [key, value] of kept) this.set(key, value);
  }

  override readSetting(): Promise<string | undefined> {
    return new Promise((resolve) => this.questions.push(resolve));
  }
}
