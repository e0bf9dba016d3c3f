export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NUMERIC = /^[\d.,–]*$/;

/** Aligned columns, with numbers on the right. */
export function plainTable({ columns, rows }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    widths
      .map((width, column) => {
        const text = line[column] ?? "";
        return isNumeric(rows, column) ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [format(columns), rule, ...rows.map(format)].join("\n");
}

export function markdownTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map((_, column) => (isNumeric(rows, column) ? "--:" : "---"));
  return [line(columns), line(rule), ...rows.map(line)].join("\n");
}

function isNumeric(rows: Table["rows"], column: number): boolean {
  return rows.every((row) => NUMERIC.test(row[column] ?? ""));
}
