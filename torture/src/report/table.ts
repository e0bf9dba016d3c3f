/** Columns in line: the first to the left, the others, which are numbers, to the right. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    widths
      .map((width, column) =>
        column === 0 ? (line[column] ?? "").padEnd(width) : (line[column] ?? "").padStart(width),
      )
      .join("   ");
  const rule = widths.map((width) => "─".repeat(width)).join("───");
  return [format(columns), rule, ...rows.map(format)].map((line) => `  ${line}`).join("\n");
}
