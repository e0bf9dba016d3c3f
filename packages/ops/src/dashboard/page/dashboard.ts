import { BASE } from "./base.ts";
import type { LockDetail, ReleaseReply, ReleaseRequest, SessionReply } from "../../monitor/api.ts";
import type { Command, Report } from "../connection/messages.ts";
import { lockPath } from "../connection/paths.ts";
import { LockList } from "../state/lock-list.ts";
import { Store } from "../state/store.ts";
import { Preferences } from "./preferences.ts";
import { formatUrl, parseRoute, parseView, type Route, type View } from "./route.ts";

export type Dialog =
  | { readonly dialog: "help" | "sign-in" }
  | { readonly dialog: "release"; readonly name: string; readonly holderId: string };

/** The page without its views: what it knows, what the operator chose, and what can be done. */
export class Dashboard {
  readonly store = new Store();
  readonly preferences = new Preferences();
  readonly list: LockList;
  route: Route;
  view: View;
  dialog: Dialog | undefined;
  readonly #worker: Worker;
  readonly #listeners = new Set<() => void>();
  #offsets: readonly number[] = [0];

  constructor() {
    this.route = parseRoute(this.#path());
    this.view = parseView(location.search);
    this.list = new LockList(this.view.list);
    this.store.setRange(this.view.range);
    this.#worker = new Worker(new URL("dashboard/assets/worker.js", BASE), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.#accept(data));
    this.#send({ type: "start", base: BASE });
    if (this.view.range !== "5m") this.#send({ type: "range", range: this.view.range });
    this.#askForList();
    this.#watchLock();
    addEventListener("popstate", () => this.#readLocation());
  }

  /** Called when the route, the view, the list, a dialog or a preference has changed. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  href(route: Route): string {
    return new URL(formatUrl(route, this.view), BASE).href;
  }

  open(route: Route): void {
    this.route = route;
    history.pushState({ isInside: true }, "", this.href(route));
    scrollTo(0, 0);
    this.#watchLock();
    this.changed();
  }

  /** Goes back to the overview as the operator left it, also if this page was opened from a link. */
  back(): void {
    if ((history.state as { isInside?: boolean } | null)?.isInside === true) history.back();
    else this.open({ page: "overview" });
  }

  setView(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    history.replaceState(history.state, "", this.href(this.route));
    this.#applyView();
    this.changed();
  }

  /** The rows from `first` to `last` are in view, so the list needs their pages. */
  setVisibleOffsets(offsets: readonly number[]): void {
    if (offsets.join() === this.#offsets.join()) return;
    this.#offsets = offsets;
    this.#askForList();
  }

  showDialog(dialog: Dialog | undefined): void {
    this.dialog = dialog;
    this.changed();
  }

  togglePause(): void {
    this.store.togglePause(Date.now());
    this.changed();
  }

  nextTheme(): void {
    this.preferences.nextTheme();
    this.changed();
  }

  toggleLetterKeys(): void {
    this.preferences.toggleLetterKeys();
    this.changed();
  }

  connectNow(): void {
    this.#send({ type: "connect" });
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Reads one lock from all servers. */
  async readLock(name: string, signal: AbortSignal): Promise<LockDetail> {
    const reply = await fetch(new URL(`api/${lockPath(name)}`, BASE), {
      signal,
      cache: "no-store",
      credentials: "same-origin",
    });
    if (reply.status !== 200) throw new Error(`status ${reply.status}`);
    return (await reply.json()) as LockDetail;
  }

  async signIn(token: string): Promise<SessionReply | undefined> {
    const reply = await this.#post("api/session", { token });
    if (reply.status !== 200) return undefined;
    this.connectNow();
    return (await reply.json()) as SessionReply;
  }

  async signOut(): Promise<void> {
    await fetch(new URL("api/session", BASE), { method: "DELETE", credentials: "same-origin" });
    this.connectNow();
  }

  /** Releases a lock. The reply says why it was not released. */
  async release(request: ReleaseRequest): Promise<ReleaseReply & { readonly status: number }> {
    const reply = await this.#post(`api/${lockPath(request.name)}/release`, request);
    const text = await reply.text();
    try {
      return { ...(JSON.parse(text) as ReleaseReply), status: reply.status };
    } catch {
      const message = `Not released: the monitor answered with status ${reply.status}.`;
      return { released: false, message, newFence: undefined, freeAt: undefined, status: reply.status };
    }
  }

  #post(path: string, body: unknown): Promise<Response> {
    return fetch(new URL(path, BASE), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(20_000),
    });
  }

  #accept(report: Report): void {
    if (report.type === "page") {
      if (this.store.isPaused) return;
      this.list.accept(report.query, report.page, report.receivedAt);
      this.changed();
    } else {
      this.store.accept(report);
    }
  }

  #readLocation(): void {
    this.route = parseRoute(this.#path());
    this.view = parseView(location.search);
    this.#applyView();
    this.#watchLock();
    this.changed();
  }

  #applyView(): void {
    const { range } = this.store.state;
    if (range !== this.view.range) {
      this.store.setRange(this.view.range);
      this.#send({ type: "range", range: this.view.range });
    }
    if (this.list.query === this.view.list) return;
    this.list.setQuery(this.view.list);
    this.#offsets = [0];
    this.#askForList();
  }

  #askForList(): void {
    this.#send({ type: "list", query: this.view.list, offsets: this.#offsets });
  }

  #watchLock(): void {
    const name = this.route.page === "lock" ? this.route.name : undefined;
    if (this.store.state.detail?.name !== name) this.store.forgetDetail();
    this.#send({ type: "watch", name });
  }

  #path(): string {
    return location.pathname.slice(new URL(BASE).pathname.length);
  }

  #send(command: Command): void {
    // Workers have no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#worker.postMessage(command);
  }
}
