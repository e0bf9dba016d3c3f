// A process that closes a client while its connection is being made. argv: the URL. It closes when the test says that the server
// has accepted the connection.
import { Redlock } from "../../src/index.ts";

const redlock = new Redlock([process.argv[2] ?? ""]);
const acquired = redlock.acquire("a", { wait: Infinity }).catch((error: unknown) => error);
process.once("message", () => {
  void redlock.close().then(async () => {
    console.log(((await acquired) as { code: string }).code);
    process.disconnect();
  });
});
