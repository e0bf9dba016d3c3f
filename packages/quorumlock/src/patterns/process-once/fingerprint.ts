import { createHash } from "node:crypto";
import { jsonOf } from "../json.ts";

/**
 * The SHA-256 of the JSON of a value, with the keys of its objects in order: 64 hexadecimal digits. Two inputs that are equal as JSON
 * have the same one.
 * @throws TypeError if JSON cannot have it.
 */
export function fingerprintOf(input: unknown): string {
  return createHash("sha256")
    .update(sortedJson(JSON.parse(jsonOf("input", input))))
    .digest("hex");
}

/** JSON itself puts keys that are whole numbers first, so the text is made by hand. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${sortedJson(field)}`).join(",")}}`;
}
