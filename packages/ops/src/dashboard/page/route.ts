import type { ListQuery, Range } from "../connection/messages.ts";
import { lockPath, serverPath } from "../connection/paths.ts";

export type Route =
  | { readonly page: "overview" }
  | { readonly page: "lock"; readonly name: string }
  | { readonly page: "server"; readonly label: string };

/** What the operator chose on the overview. The URL has it, so that it can be sent to a colleague. */
export interface View {
  readonly list: ListQuery;
  readonly events: "all" | "trouble";
  readonly range: Range;
}

const SORTS: readonly ListQuery["sort"][] = ["blocked", "remaining", "age", "name"];
const HEALTHS = ["", "held", "short", "not-extended", "uncertain", "minority", "no-expiry", "lost"];
const RANGES: readonly Range[] = ["5m", "1h", "6h"];

/** Reads the path below the base, such as `dashboard/locks/order%3A42`. An unknown path is the overview. */
export function parseRoute(path: string): Route {
  const [, page, encoded] = /^dashboard\/(locks|servers)\/([^/]+)\/?$/.exec(path) ?? [];
  if (encoded === undefined) return { page: "overview" };
  try {
    const name = decodeURIComponent(encoded);
    return page === "locks" ? { page: "lock", name } : { page: "server", label: name };
  } catch {
    return { page: "overview" };
  }
}

export function parseView(search: string): View {
  const parameters = new URLSearchParams(search);
  const choose = <T extends string>(key: string, values: readonly T[], fallback: T): T =>
    values.find((value) => value === parameters.get(key)) ?? fallback;
  return {
    list: {
      pattern: parameters.get("q") ?? "",
      sort: choose("sort", SORTS, "blocked"),
      health: choose("filter", HEALTHS, ""),
    },
    events: choose("events", ["all", "trouble"], "all"),
    range: choose("range", RANGES, "5m"),
  };
}

/** The path and the query below the base. What has its default is left out. */
export function formatUrl(route: Route, view: View): string {
  const parameters = new URLSearchParams();
  if (view.list.pattern !== "") parameters.set("q", view.list.pattern);
  if (view.list.sort !== "blocked") parameters.set("sort", view.list.sort);
  if (view.list.health !== "") parameters.set("filter", view.list.health);
  if (view.events !== "all") parameters.set("events", view.events);
  if (view.range !== "5m") parameters.set("range", view.range);
  const query = parameters.toString();
  return `${formatPath(route)}${query === "" ? "" : `?${query}`}`;
}

function formatPath(route: Route): string {
  if (route.page === "lock") return `dashboard/${lockPath(route.name)}`;
  return route.page === "server" ? `dashboard/${serverPath(route.label)}` : "dashboard";
}
