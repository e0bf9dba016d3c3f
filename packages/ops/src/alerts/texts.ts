const MAX_NAME_LENGTH = 60;
const MAX_LINE_LENGTH = 500;

/** A duration with its two largest units: `12.4 s`, `4 m 12 s`, `3 h 05 m`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A duration in one unit, for windows and for how long an alert lasted: `40 s`, `6 min`, `3 h`. */
export function formatSpan(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return formatHours(ms);
}

function formatHours(ms: number): string {
  const hours = ms / 3_600_000;
  return Number.isInteger(hours) ? `${hours} h` : formatDuration(ms);
}

/** Whole percents. Only nothing is 0 %, and only everything is 100 %. */
export function formatPercent(share: number): string {
  const percent = Math.round(share * 100);
  return `${share > 0 && share < 1 ? Math.min(99, Math.max(1, percent)) : percent} %`;
}

export function formatBytes(bytes: number): string {
  const [gibi, mebi] = [2 ** 30, 2 ** 20];
  return bytes >= gibi ? `${(bytes / gibi).toFixed(1)} GB` : `${Math.round(bytes / mebi)} MB`;
}

/** `1 lock`, `2 locks`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b or c`. */
export function joinWords(words: readonly string[], last: "and" | "or"): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** A name in one line: control and direction characters are escaped, and a long name is cut in the middle. */
export function showName(name: string): string {
  const shown = escapeControls(name);
  if (shown.length <= MAX_NAME_LENGTH) return shown;
  const half = (MAX_NAME_LENGTH - 3) / 2;
  return `${shown.slice(0, Math.ceil(half))} … ${shown.slice(-Math.floor(half))}`;
}

/** Any text as one line of bounded length. */
export function oneLine(text: string): string {
  const line = escapeControls(text.replace(/\s+/g, " ").trim());
  return line.length <= MAX_LINE_LENGTH ? line : `${line.slice(0, MAX_LINE_LENGTH - 1)}…`;
}

function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
