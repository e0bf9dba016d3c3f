const PLAIN = /^[\w@%+=:,./-]+$/;
/** Control characters, and characters that change the direction of the text: a terminal would not show what the shell gets. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/** A text as one word of a POSIX shell. With invisible characters it is `$'…'`, which bash, zsh and ksh know. */
export function shellQuote(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!INVISIBLE.test(text)) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = Array.from(text, (character) => {
    if (character === "'" || character === "\\") return `\\${character}`;
    if (!INVISIBLE.test(character)) return character;
    return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  });
  return `$'${escaped.join("")}'`;
}

/** A name as the last argument of a command. A name that begins with a dash is no option. */
export function nameArgument(name: string): string {
  return name.startsWith("-") ? `-- ${shellQuote(name)}` : shellQuote(name);
}
