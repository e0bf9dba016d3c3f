import type { HttpBindings } from "@hono/node-server";
import type { Viewer } from "./access.ts";

/** What the handlers of a request know besides the request. */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: {
    /** `undefined` without a token. */
    viewer: Viewer | undefined;
    /** The secret of the session, if the request has one. */
    session: string | undefined;
  };
}
