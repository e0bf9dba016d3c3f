import { type ApiRequest } from "./faults.ts";
import { type ObjectStore } from "./object-store.ts";
import { type ApiObject, apiVersionOf, type Target } from "./resources.ts";
import { fieldSelector, labelSelector, type Matches } from "./selectors.ts";
import { badRequest, continueTooOld, tooLarge } from "./status.ts";

/** A list, in pages if the client sets `limit`. A page behind a cut of the history is refused with 410. */
export function listObjects(store: ObjectStore, target: Target, query: ApiRequest["query"]): object {
  const matches = matchesOf(query);
  const asked = query["resourceVersion"];
  if (asked && versionOf(asked) > store.version) throw tooLarge(versionOf(asked), store.version);
  const token = query["continue"] ? readContinue(query["continue"]) : undefined;
  if (token !== undefined && token.version < store.compactedUpTo) throw continueTooOld();
  const all = store.list(target).filter((object) => matches(object));
  const rest = token === undefined ? all : all.filter((object) => placeOf(object) > token.after);
  const limit = Number(query["limit"] ?? 0) || rest.length;
  const page = rest.slice(0, limit);
  const version = token?.version ?? store.version;
  const last = page.at(-1);
  const hasMore = rest.length > page.length && last !== undefined;
  return {
    kind: `${target.type.kind}List`,
    apiVersion: apiVersionOf(target.type),
    metadata: {
      resourceVersion: String(version),
      ...(hasMore && {
        continue: writeContinue({ version, after: placeOf(last) }),
        remainingItemCount: rest.length - page.length,
      }),
    },
    items: page.map((object) => withoutType(object)),
  };
}

/** What the selectors of a list or a watch let through. */
export function matchesOf(query: ApiRequest["query"]): Matches {
  const [byLabel, byField] = [
    labelSelector(query["labelSelector"] ?? ""),
    fieldSelector(query["fieldSelector"] ?? ""),
  ];
  return (object) => byLabel(object) && byField(object);
}

/** Reads a `resourceVersion`. */
export function versionOf(text: string): number {
  if (!/^\d+$/.test(text))
    throw badRequest(`Invalid value: "${text}": resourceVersion: strconv.ParseUint: invalid syntax`);
  return Number(text);
}

function placeOf({ metadata }: ApiObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function writeContinue(token: { version: number; after: string }): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function readContinue(text: string): { version: number; after: string } {
  return JSON.parse(Buffer.from(text, "base64url").toString()) as { version: number; after: string };
}

/** The items of a list have no kind and no version of their own. */
function withoutType(object: ApiObject): object {
  const item: Partial<ApiObject> = { ...object };
  delete item.kind;
  delete item.apiVersion;
  return item;
}
