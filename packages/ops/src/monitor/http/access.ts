import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { MonitorToken } from "../options.ts";

/** Who makes a request. */
export interface Viewer {
  readonly name: string;
  readonly role: "read" | "release";
}

interface Session extends Viewer {
  readonly expiresAt: number;
}

export const SESSION_MS = 8 * 3_600_000;
const MAX_SESSIONS = 1_000;
const SESSION_BYTES = 32;

/** Knows the tokens and the sessions. It keeps only hashes of both. */
export class Access {
  readonly #tokens: readonly { readonly viewer: Viewer; readonly hash: Buffer }[];
  readonly #sessions = new Map<string, Session>();

  constructor(tokens: readonly MonitorToken[]) {
    this.#tokens = tokens.map(({ name, role, token }) => ({ viewer: { name, role }, hash: hashOf(token) }));
  }

  /** Whose token it is. The time does not depend on the token: hashes are compared, and always with all tokens. */
  viewerOf(token: string): Viewer | undefined {
    const hash = hashOf(token);
    let found: Viewer | undefined;
    for (const known of this.#tokens) if (timingSafeEqual(known.hash, hash)) found = known.viewer;
    return found;
  }

  /** Swaps a token for the secret of a session, which ends after 8 h. */
  signIn(token: string): { readonly viewer: Viewer; readonly secret: string } | undefined {
    const viewer = this.viewerOf(token);
    if (viewer === undefined) return undefined;
    const secret = randomBytes(SESSION_BYTES).toString("base64url");
    this.#expire();
    this.#sessions.set(keyOf(secret), { ...viewer, expiresAt: Date.now() + SESSION_MS });
    if (this.#sessions.size > MAX_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return { viewer, secret };
  }

  signOut(secret: string): void {
    this.#sessions.delete(keyOf(secret));
  }

  /** Whose session it is. The key is a hash, so the time of the search says nothing about the secrets. */
  viewerOfSession(secret: string): Viewer | undefined {
    const session = this.#sessions.get(keyOf(secret));
    if (session === undefined || session.expiresAt <= Date.now()) return undefined;
    return { name: session.name, role: session.role };
  }

  #expire(): void {
    const now = Date.now();
    for (const [key, { expiresAt }] of this.#sessions) if (expiresAt <= now) this.#sessions.delete(key);
  }
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function keyOf(secret: string): string {
  return hashOf(secret).toString("base64");
}
