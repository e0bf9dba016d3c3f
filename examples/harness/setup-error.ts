/** The command line, or something outside of the story such as a database, is wrong. The message says what to do, so no stack is printed. */
export class SetupError extends Error {}
