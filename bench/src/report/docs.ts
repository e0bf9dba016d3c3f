/** Which block of the page has the figures of a scenario: of the mutex, of the other kinds of locks and of killed servers, or of figures and traces. */
export type DocsBlock = "mutex" | "kinds" | "observe";

export const DOCS_BLOCKS: readonly DocsBlock[] = ["mutex", "kinds", "observe"];

/**
 * The page with a new block between its markers.
 *
 * @throws Error if a marker is missing or their order is wrong.
 */
export function replaceTables(page: string, block: DocsBlock, tables: string): string {
  const [begin, end] = [`<!-- bench ${block}: begin -->`, `<!-- bench ${block}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} followed by ${end}`);
  // Formatters must not change generated tables.
  return `${page.slice(0, from + begin.length)}\n<!-- prettier-ignore-start -->\n\n${tables.trim()}\n\n<!-- prettier-ignore-end -->\n${page.slice(to)}`;
}
