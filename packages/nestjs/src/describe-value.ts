const MAX_LENGTH = 100;
/** The user name and the password of a URL. */
const CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)(?!\/)[^\s"'`]*@/gi;

/** The text of a value in an error message. Of an object, only its class is shown, because its fields may be secret. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") {
    const text = JSON.stringify(value.replace(CREDENTIALS, "$1***@"));
    return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…" (${value.length} characters)`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "no prototype"})`;
  if (typeof value === "function") return `a function (${value.name === "" ? "no name" : value.name})`;
  return String(value);
}
