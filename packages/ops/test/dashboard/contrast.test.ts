import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const TOKENS = readFileSync(new URL("../../src/dashboard/styles/tokens.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"] as const;
/** Colours of text and shapes. */
const TEXT = ["ink", "quiet", "good", "attention", "bad", "paused", "unknown"];
/** Areas behind them. */
const SURFACES = ["surface", "ground", "hover"];
const MIN_TEXT = 5.7;
/** WCAG 1.4.11 for the lines that show where a field is. */
const MIN_FIELD_LINE = 3;

type Color = readonly [number, number, number];

function color(token: string, theme: (typeof THEMES)[number]): Color {
  const [, light = "", dark = ""] =
    new RegExp(`--${token}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(TOKENS) ?? [];
  const hex = theme === "light" ? light : dark;
  expect(hex, `--${token} in tokens.css`).toHaveLength(6);
  return [0, 2, 4].map((start) => Number.parseInt(hex.slice(start, start + 2), 16)) as unknown as Color;
}

/** WCAG 2.2: relative luminance, and the ratio of two of them. */
function luminance(each: Color): number {
  const [red = 0, green = 0, blue = 0] = each.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Color, b: Color): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** As `color-mix(in srgb, …)` does. */
function mix(front: Color, share: number, back: Color): Color {
  return front.map((value, index) => value * share + (back[index] ?? 0) * (1 - share)) as unknown as Color;
}

describe.each(THEMES)("contrast in the %s theme", (theme) => {
  it("of text and shapes reaches 5.7:1 on all surfaces", () => {
    const pairs = TEXT.flatMap((text) => SURFACES.map((surface) => ({ text, surface })));
    const weak = pairs
      .map((pair) => ({ ...pair, ratio: contrast(color(pair.text, theme), color(pair.surface, theme)) }))
      .filter(({ ratio }) => ratio < MIN_TEXT);
    expect(weak).toEqual([]);
  });

  it("of text on a filled area, and of buttons in the colour of the text", () => {
    expect(contrast(color("on-state", theme), color("bad", theme))).toBeGreaterThanOrEqual(MIN_TEXT);
    expect(contrast(color("surface", theme), color("ink", theme))).toBeGreaterThanOrEqual(MIN_TEXT);
  });

  it("of the text and the shape on the tinted banner", () => {
    const tinted = mix(color("attention", theme), 0.09, color("surface", theme));
    for (const text of ["ink", "attention"])
      expect(contrast(color(text, theme), tinted)).toBeGreaterThanOrEqual(MIN_TEXT);
  });

  it("of the lines around fields", () => {
    for (const surface of SURFACES) {
      expect(contrast(color("field-line", theme), color(surface, theme))).toBeGreaterThanOrEqual(
        MIN_FIELD_LINE,
      );
    }
  });
});
