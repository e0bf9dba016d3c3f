const MAX_LENGTH = 100;
/** Only the beginning of a long string is searched for credentials, because the time of the search grows with the square of its length. */
const MAX_SEARCHED = 1_000;
/** The user name and the password of a URL. */
const CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)(?!\/)[^\s"'`]*@/gi;
/** The same, where the end of a long string is cut off. */
const CUT_CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)(?!\/)[^\s"'`]*(?:@|$)/gi;

/** The text of a value in an error message. Of an object, only its class is shown, because its fields may be secret. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") {
    const isCut = value.length > MAX_SEARCHED;
    const pattern = isCut ? CUT_CREDENTIALS : CREDENTIALS;
    const text = JSON.stringify(value.slice(0, MAX_SEARCHED).replace(pattern, "$1***@"));
    return text.length <= MAX_LENGTH && !isCut
      ? text
      : `${text.slice(0, Math.min(MAX_LENGTH, text.length - 1))}…" (${value.length} characters)`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "no prototype"})`;
  if (typeof value === "function") return `a function (${value.name === "" ? "no name" : value.name})`;
  return String(value);
}
