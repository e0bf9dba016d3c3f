const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/**
 * The page with a new block between its markers.
 *
 * @throws Error if a marker is missing or their order is wrong.
 */
export function replaceTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no ${BEGIN} followed by ${END}`);
  // Formatters must not change generated tables.
  return `${page.slice(0, from + BEGIN.length)}\n<!-- prettier-ignore-start -->\n\n${tables.trim()}\n\n<!-- prettier-ignore-end -->\n${page.slice(to)}`;
}
