/** A copy of a record, or of a list of them, with the times in it counted from `start`; which fields are times shows in their names. */
export function sinceStart<T>(value: T, start: number): T {
  return shift(value, start) as T;
}

function shift(value: unknown, start: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shift(item, start));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) =>
    typeof field === "number" ? [name, isTime(name) ? field - start : field] : [name, shift(field, start)],
  );
  return Object.fromEntries(fields) as object;
}

/** `at`, `arrivedAt`, `heldUntil`, and the bounds of a fault. */
export function isTime(name: string): boolean {
  return name === "at" || name === "from" || name === "to" || /(?:At|Until)$/.test(name);
}
