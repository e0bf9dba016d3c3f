/** Copies `value` and makes every time in it relative to `start`. The name of a field shows if it is a time. */
export function relativeTo<T>(start: number, value: T): T {
  return shift(value, start) as T;
}

function shift(value: unknown, start: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shift(item, start));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) =>
    typeof field === "number"
      ? [name, isTimeField(name) ? field - start : field]
      : [name, shift(field, start)],
  );
  return Object.fromEntries(fields) as object;
}

/** Times are `at`, or end in `At` or `Until`, such as `startedAt` and `heldUntil`. */
export function isTimeField(name: string): boolean {
  return name === "at" || /(?:At|Until)$/.test(name);
}
