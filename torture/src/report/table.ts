/** Formats an aligned table: the first column to the left, the others to the right. */
export function formatTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const formatLine = (line: readonly string[]): string =>
    widths
      .map((width, column) =>
        column === 0 ? (line[column] ?? "").padEnd(width) : (line[column] ?? "").padStart(width),
      )
      .join("   ");
  const rule = widths.map((width) => "─".repeat(width)).join("───");
  return [formatLine(columns), rule, ...rows.map(formatLine)].map((line) => `  ${line}`).join("\n");
}
