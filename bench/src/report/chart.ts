import type { Figures } from "../scenario.ts";
import { escapeXml } from "./escape-xml.ts";
import { type Bar, drawPanel, PANEL_WIDTH, type Panel, panelHeight } from "./panel.ts";
import type { ResultsJson } from "./results-json.ts";

const MARGIN = 20;
const GAP = 24;
const TITLE_HEIGHT = 54;
const FOOT_HEIGHT = 46;

/** Follows the reader's colour scheme if the viewer supports that. It has a background, so that it is readable anywhere. */
const STYLE = `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#24292f}
.card{fill:#fff;stroke:#d0d7de}.title{font-size:19px;font-weight:600}.head{font-size:14px;font-weight:600}
.note,.foot{font-size:11.5px;fill:#57606a}.label,.value{font-size:12.5px}.strong{font-weight:600}.muted{fill:#57606a}
.ours{fill:#1a7f37}.peer{fill:#a8b1bb}.bare{fill:#6e7781}.floor{fill:#bf8700}.axis{stroke:#d0d7de}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.card{fill:#0d1117;stroke:#30363d}.note,.foot,.muted{fill:#9198a1}
.ours{fill:#3fb950}.peer{fill:#4d5560}.bare{fill:#848d97}.floor{fill:#d29922}.axis{stroke:#30363d}}`;

/** The chart of a run. A panel whose scenario did not run is left out. */
export function drawChart({ environment, scenarios }: ResultsJson): string {
  const figuresOf = (name: string): readonly Figures[] =>
    scenarios.find((one) => one.name === name)?.results ?? [];
  const panels = [
    throughputPanel(figuresOf("throughput")),
    processesPanel(figuresOf("processes")),
    handOverPanel(figuresOf("hand-over")),
    uncontendedPanel(figuresOf("uncontended")),
  ].filter((panel) => panel !== undefined && panel.bars.length > 0) as Panel[];
  const columns = Math.min(2, Math.max(1, panels.length));
  const width = 2 * MARGIN + columns * PANEL_WIDTH + (columns - 1) * GAP;
  let y = TITLE_HEIGHT;
  const parts: string[] = [];
  for (let row = 0; row * columns < panels.length; row++) {
    const inRow = panels.slice(row * columns, (row + 1) * columns);
    inRow.forEach((panel, column) => parts.push(drawPanel(panel, MARGIN + column * (PANEL_WIDTH + GAP), y)));
    y += Math.max(...inRow.map(panelHeight)) + GAP;
  }
  const height = y + FOOT_HEIGHT - GAP / 2;
  const foot = [
    "quorumlock with fencing tokens, validity and wake-ups on; each library with its default or its tuned options, whichever is better.",
    `Node.js ${environment.node}, ${environment.server}, ${environment.processor}, ${environment.date}.`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Speed of quorumlock and other libraries">
<style>${STYLE}</style>
<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="${MARGIN}" y="34">Locks side by side, measured in turns in one run</text>
${parts.join("\n")}
${foot.map((line, row) => `<text class="foot" x="${MARGIN}" y="${height - 32 + 16 * row}">${escapeXml(line)}</text>`).join("\n")}
</svg>
`;
}

function throughputPanel(all: readonly Figures[]): Panel | undefined {
  const servers = preferred(
    all.map((one) => one.servers),
    5,
  );
  const callers = preferred(
    all.filter((one) => one.servers === servers).map((one) => Number(one["callers"])),
    128,
  );
  const figures = all.filter(
    (one) => one.servers === servers && one["callers"] === callers && one["names"] !== "same",
  );
  return panelOf(
    `Cycles per second, ${callers} callers, ${serversText(servers)}`,
    "acquire and release, each caller its own new names; longer is better",
    "longest",
    figures.map((one) => bar(one, Number(one["rate"]), thousands(Number(one["rate"])), timesBare(one))),
  );
}

function processesPanel(all: readonly Figures[]): Panel | undefined {
  const servers = preferred(
    all.map((one) => one.servers),
    3,
  );
  const figures = all.filter((one) => one.servers === servers);
  return panelOf(
    `Grants per second, 4 processes × 25 waiters, ${serversText(servers)}`,
    "one lock held for 1 ms; with Jain's index of fairness over the waiters (1: equal shares)",
    "longest",
    figures.map((one) => {
      const fairness = `Jain ${numberOf(one["fairness"]).toFixed(2)}`;
      const remark = Number(one["failed"]) > 0 ? `${fairness}, ${String(one["failed"])} failed` : fairness;
      const rate = Number(one["rate"]);
      return bar(one, rate, String(Math.round(rate)), remark);
    }),
  );
}

function handOverPanel(all: readonly Figures[]): Panel | undefined {
  const servers = preferred(
    all.map((one) => one.servers),
    3,
  );
  const figures = all.filter((one) => one.servers === servers);
  return panelOf(
    `Hand-over in one process, 100 waiters, ${serversText(servers)}`,
    "release to next grant, p50 in ms; shorter is better",
    "shortest",
    figures.map((one) => {
      const p50 = numberOf(one["p50"]);
      return bar(
        one,
        p50,
        p50 >= 10 ? p50.toFixed(0) : p50.toFixed(2),
        Number(one["errors"]) > 0 ? `(${String(one["errors"])} failed)` : "",
      );
    }),
  );
}

function uncontendedPanel(all: readonly Figures[]): Panel | undefined {
  const servers = preferred(
    all.map((one) => one.servers),
    3,
  );
  const figures = all.filter(
    (one) => one.servers === servers && one["names"] !== "same" && one["warmUp"] !== "cool",
  );
  return panelOf(
    `One cycle after another, warm, ${serversText(servers)}`,
    "acquire and release, × bare commands on the same client; shorter is better",
    "shortest",
    figures
      .map((one) => {
        const ratios = (one["ratios"] as { readonly cycle?: { readonly median: number } } | undefined)?.cycle;
        return ratios && bar(one, ratios.median, `${ratios.median.toFixed(2)}×`, "");
      })
      .filter((one) => one !== undefined),
  );
}

function panelOf(title: string, note: string, best: Panel["best"], bars: readonly Bar[]): Panel | undefined {
  return bars.length === 0 ? undefined : { title, note, best, bars: bestConfigurations(bars, best) };
}

const TUNED = ", tuned";

/** One bar per library: the better one of its default and its tuned options. */
function bestConfigurations(bars: readonly Bar[], best: Panel["best"]): readonly Bar[] {
  const rank = ({ value }: Bar): number =>
    Number.isFinite(value) ? (best === "longest" ? value : -value) : Number.NEGATIVE_INFINITY;
  const chosen = new Map<string, Bar>();
  for (const candidate of bars) {
    const library = candidate.label.replace(TUNED, "");
    const rival = chosen.get(library);
    if (rival === undefined || rank(candidate) > rank(rival)) chosen.set(library, candidate);
  }
  return bars.filter((one) => chosen.get(one.label.replace(TUNED, "")) === one);
}

function bar({ contender }: Figures, value: number, text: string, remark: string): Bar {
  return {
    label: contender,
    kind: kindOf(contender),
    value,
    text: Number.isFinite(value) ? text : "none",
    remark,
  };
}

function kindOf(contender: string): Bar["kind"] {
  if (contender.startsWith("quorumlock")) return "ours";
  if (contender.startsWith("bare")) return "bare";
  return contender.startsWith("sockets") ? "floor" : "peer";
}

function timesBare(one: Figures): string {
  const ratios = one["ratios"] as { readonly median?: number | null } | null | undefined;
  return typeof ratios?.median === "number" ? `${ratios.median.toFixed(1)}×` : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

/** The wanted value if the run has it, otherwise the largest. */
function preferred(values: readonly number[], wanted: number): number {
  return values.includes(wanted) ? wanted : Math.max(...values);
}

function serversText(servers: number): string {
  return servers === 1 ? "1 server" : `${servers} servers`;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
