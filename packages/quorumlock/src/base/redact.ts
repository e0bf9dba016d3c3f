/** The user name and password of a URL inside a longer text. A path such as `file:///node_modules/@scope` in a stack has none. */
const CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)(?!\/)[^\s"'`]*@/gi;
const SECRET_PARAMETER = /([?&][^=&\s]*(?:pass|pwd|auth|token|secret)[^=&\s]*=)[^&\s"'`]*/gi;
/** A server repeats the arguments of a command that it does not know, and those of `HELLO` and `AUTH` have the password. */
const REPEATED_ARGUMENTS = /,? with args beginning with:[^\n]*/g;

/** Replaces passwords that a message of a client library or a server can contain. */
export function redact(text: string): string {
  return text
    .replace(CREDENTIALS, "$1***@")
    .replace(SECRET_PARAMETER, "$1***")
    .replace(REPEATED_ARGUMENTS, "");
}

/** Replaces everything in a URL that can be a password, also if the URL is malformed. */
export function redactUrl(url: string): string {
  return redact(url.replace(/^(\w+:\/\/)?.*@/s, "$1***@"));
}
