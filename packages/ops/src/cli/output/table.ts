import stringWidth from "string-width";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly isRight?: boolean;
  /** The column that is cut in the middle if the table is wider than the terminal. */
  readonly isCut?: boolean;
  /** On a terminal that is too narrow, the columns with the lowest numbers are left out first. Without a number, it stays. */
  readonly importance?: number;
  /** Adds a style to the padded cell. */
  readonly paint?: (text: string, row: Row) => string;
}

const GAP = "  ";
const MIN_CUT_WIDTH = 12;

/**
 * The lines of a table, the titles first. With a width, columns that may be cut are cut in the middle, and unimportant ones are left out.
 * A pipe gets whole values.
 */
export function formatTable<Row>(
  allColumns: readonly Column<Row>[],
  rows: readonly Row[],
  width?: number,
): readonly string[] {
  const columns = width === undefined ? allColumns : fittingColumns(allColumns, rows, width);
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ title }, index) => widthOf(title, cells, (row) => row[index] ?? ""));
  if (width !== undefined) shrink(columns, widths, width);
  const lineOf = (texts: readonly string[], row?: Row): string =>
    columns
      .map(({ isRight, paint }, index) => {
        const text = pad(
          cutMiddle(texts[index] ?? "", widths[index] ?? 0),
          widths[index] ?? 0,
          isRight ?? false,
        );
        return paint === undefined || row === undefined ? text : paint(text, row);
      })
      .join(GAP)
      .trimEnd();
  return [
    lineOf(columns.map(({ title }) => title)),
    ...rows.map((row, index) => lineOf(cells[index] ?? [], row)),
  ];
}

/** The width of a column. `Math.max` cannot take as many arguments as a long list has rows. */
function widthOf<Row>(title: string, rows: readonly Row[], cell: (row: Row) => string): number {
  return rows.reduce((width, row) => Math.max(width, stringWidth(cell(row))), stringWidth(title));
}

/** Leaves out unimportant columns until the others fit when they are cut. */
function fittingColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly Column<Row>[] {
  const least = ({ title, cell, isCut }: Column<Row>): number => {
    const whole = widthOf(title, rows, cell);
    return GAP.length + (isCut === true ? Math.min(MIN_CUT_WIDTH, whole) : whole);
  };
  const order = columns
    .filter(({ importance }) => importance !== undefined)
    .toSorted((a, b) => (a.importance ?? 0) - (b.importance ?? 0));
  let left = columns;
  let total = columns.reduce((sum, column) => sum + least(column), -GAP.length);
  for (const column of order) {
    if (total <= width) break;
    left = left.filter((each) => each !== column);
    total -= least(column);
  }
  return left;
}

/** Takes one column after another from the widest of those that may be cut, until the table fits. */
function shrink<Row>(columns: readonly Column<Row>[], widths: number[], width: number): void {
  const cuttable = columns.flatMap(({ isCut }, index) => (isCut === true ? [index] : []));
  const total = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  for (let surplus = total - width; surplus > 0; surplus -= 1) {
    const widest = cuttable.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    const current = widest === undefined ? 0 : (widths[widest] ?? 0);
    if (widest === undefined || current <= MIN_CUT_WIDTH) return;
    widths[widest] = current - 1;
  }
}

/** `start … end`. */
export function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = Array.from(text);
  const tailWidth = Math.floor((width - 1) / 2);
  const headWidth = width - 1 - tailWidth;
  return `${take(characters, headWidth)}…${take(characters.toReversed(), tailWidth, true)}`;
}

function take(characters: readonly string[], width: number, isReversed = false): string {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += stringWidth(character);
    if (used > width) break;
    taken.push(character);
  }
  return (isReversed ? taken.toReversed() : taken).join("");
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return isRight ? space + text : text + space;
}
