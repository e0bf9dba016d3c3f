/** "order:1, order:2 and 7 more" */
export function formatList(items: readonly string[], max: number, count = items.length): string {
  const shown = items.slice(0, max);
  const rest = count - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
