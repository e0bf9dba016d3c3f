import { expect, test } from "vitest";
import { splitApi } from "../src/api-pages.ts";
import { type Document, readDocuments } from "../src/documents.ts";
import { groupsOf } from "../src/groups.ts";
import { descriptionOf, headingsOf } from "../src/headings.ts";
import { LinkRewriter } from "../src/links.ts";

const document = (path: string, page: string, text: string): Document => ({
  path,
  page,
  text,
  headings: headingsOf(text),
  parts: page === "api/index.md" ? splitApi(text) : [],
});
const API =
  "# API\n\n- [`Lock`](#lock)\n\n## Locks\n\n### `Lock`\n\n#### `wait`\n\n## Errors\n\n### `LockError`\n\n#### `wait`\n";
const documents = [
  document("docs/recipes.md", "recipes.md", "# Recipes\n\n## Cron once\n"),
  document("README.md", "guide.md", "# quorumlock\n"),
  document("docs/api.md", "api/index.md", API),
];
const rewriter = new LinkRewriter(documents);
const rewrite = (text: string, path = "docs/recipes.md", page = "recipes.md") =>
  rewriter.rewrite(text, path, page);

test.each([
  ["of the same page", "[x](#cron-once)", "[x](#cron-once)"],
  ["to the README", "[x](../README.md)", "[x](./guide.md)"],
  ["to a part of the API", "[x](api.md#lockerror)", "[x](./api/errors.md#lockerror)"],
  ["to a heading whose name comes twice", "[x](api.md#wait-1)", "[x](./api/errors.md#wait)"],
  ["by a reference", "[x][y]\n\n[y]: api.md", "[x][y]\n\n[y]: ./api/index.md"],
  [
    "to a file",
    "[x](../compose.yaml)",
    "[x](https://github.com/quorumlock/quorumlock/blob/HEAD/compose.yaml)",
  ],
  ["to a folder", "[x](../deploy)", "[x](https://github.com/quorumlock/quorumlock/tree/HEAD/deploy)"],
  ["to a picture", "![x](images/monitor-lock.png)", "![x](/images/monitor-lock.png)"],
  ["to a picture in HTML", '<img src="images/monitor-lock.png">', '<img src="/images/monitor-lock.png">'],
  ["to another site", "[x](https://redis.io)", "[x](https://redis.io)"],
  ["in code", "`[x](no.md)`\n\n```md\n[x](no.md)\n```", "`[x](no.md)`\n\n```md\n[x](no.md)\n```"],
])("a link %s", (_, text, expected) => {
  expect(rewrite(text)).toMatchObject({ text: expected, problems: [] });
});

test("a link from a page in a folder", () => {
  expect(rewrite("[x](recipes.md#cron-once)", "docs/api.md", "api/errors.md").text).toBe(
    "[x](../recipes.md#cron-once)",
  );
});

test("links to what does not exist are problems that name the document", () => {
  expect(rewrite("[x](no.md) [y](#no) [z](api.md#no)").problems).toEqual([
    "docs/recipes.md: no.md does not exist",
    "docs/recipes.md: #no leads to a heading that does not exist",
    "docs/recipes.md: api.md#no leads to a heading that does not exist",
  ]);
});

test("the parts of the API have all its headings, each on one page", () => {
  const api = readDocuments().find(({ path }) => path === "docs/api.md");
  const anchors = api?.parts.flatMap((part) => [...part.anchors.keys()]) ?? [];
  expect(anchors.length).toBeGreaterThan(500);
  expect(["api", ...anchors]).toEqual(api?.headings.map(({ anchor }) => anchor));
});

test("every document has a title, a description and a place in the side bar", () => {
  const all = readDocuments();
  const listed = groupsOf(all).flatMap(({ entries }) => entries.map(({ page }) => page));
  const pages = all.flatMap(({ page, parts }) => [page, ...parts.map((part) => part.page)]);
  expect(listed.toSorted()).toEqual(pages.filter((page) => !page.startsWith("ko/")).toSorted());
  for (const { path, text } of all)
    expect({ path, length: descriptionOf(text).length > 20 }).toEqual({ path, length: true });
});
