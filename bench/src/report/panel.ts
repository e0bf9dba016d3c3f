import { escapeXml } from "./escape-xml.ts";

/** One contender in a panel. */
export interface Bar {
  readonly label: string;
  readonly kind: "bare" | "floor" | "ours" | "peer";
  /** `NaN` if nothing was measured. */
  readonly value: number;
  readonly text: string;
  /** Text after the value, in a lighter colour. */
  readonly remark: string;
}

export interface Panel {
  readonly title: string;
  readonly note: string;
  readonly best: "longest" | "shortest";
  readonly bars: readonly Bar[];
}

export const PANEL_WIDTH = 545;
const LABEL_WIDTH = 245;
/** Estimated width of one character of the text after a bar, and the space around that text. */
const CHARACTER = 6.7;
const AROUND = 16;
const HEAD_HEIGHT = 44;
const ROW = 22;
const BAR = 14;

/**
 * If short bars are better, the bar of a slow library could make all other bars too short to see. Such a bar is cut at this
 * multiple of the longest bar that is not a library's.
 */
const CUT_AT = 2;

export function panelHeight({ bars }: Panel): number {
  return HEAD_HEIGHT + bars.length * ROW;
}

export function drawPanel(panel: Panel, x: number, y: number): string {
  const { title, note, bars } = panel;
  const most = longest(panel);
  const texts = bars.map(({ text, remark }) => text.length + (remark === "" ? 0 : 1 + remark.length));
  const room = PANEL_WIDTH - LABEL_WIDTH - AROUND - CHARACTER * Math.max(...texts);
  const rows = bars.map(({ label, kind, value, text, remark }, index) => {
    const top = y + HEAD_HEIGHT + index * ROW;
    const from = x + LABEL_WIDTH;
    const length = Number.isFinite(value) ? Math.max(1, Math.min(room, (value / most) * room)) : 0;
    const strong = kind === "ours" ? " strong" : "";
    const cut =
      value > most
        ? `<path d="M${from + room - 22} ${top - 2}l-5 ${BAR + 4}h6l5 -${BAR + 4}z" class="card" stroke="none"/>`
        : "";
    return `<text class="label${strong}" x="${from - 8}" y="${top + 11.5}" text-anchor="end">${escapeXml(label)}</text>
<rect class="${kind}" x="${from}" y="${top}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>${cut}
<text class="value${strong}" x="${(from + length + 6).toFixed(1)}" y="${top + 11.5}">${escapeXml(text)}<tspan class="muted" dx="5">${escapeXml(remark)}</tspan></text>`;
  });
  const axis = `<line class="axis" x1="${x + LABEL_WIDTH}" x2="${x + LABEL_WIDTH}" y1="${y + HEAD_HEIGHT - 4}" y2="${y + panelHeight(panel) - 4}"/>`;
  return `<text class="head" x="${x}" y="${y + 12}">${escapeXml(title)}</text>
<text class="note" x="${x}" y="${y + 29}">${escapeXml(note)}</text>
${axis}
${rows.join("\n")}`;
}

/** The value of a bar with full length. */
function longest({ bars, best }: Panel): number {
  const known = bars.filter(({ value }) => Number.isFinite(value));
  const others = known.filter(({ kind }) => kind !== "peer").map(({ value }) => value);
  const most = Math.max(...known.map(({ value }) => value));
  return best === "shortest" && others.length > 0 ? Math.min(most, CUT_AT * Math.max(...others)) : most;
}
