const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/**
 * A page with the block between its marks replaced.
 *
 * @throws Error when the marks are not both there, in order.
 */
export function replaceTables(page: string, tables: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no ${BEGIN} followed by ${END}`);
  // A program writes the block: it is left as it is by what formats pages.
  return `${page.slice(0, from + BEGIN.length)}\n<!-- prettier-ignore-start -->\n\n${tables.trim()}\n\n<!-- prettier-ignore-end -->\n${page.slice(to)}`;
}
