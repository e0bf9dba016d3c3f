/** The bearer token that the server of the tests accepts. */
export const TOKEN = "token-of-the-tests";
