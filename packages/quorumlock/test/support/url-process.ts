// A process that uses one lock through a URL and prints the result. argv: the URL, the time to wait for the lock in ms.
import { Redlock } from "../../src/index.ts";

const redlock = new Redlock([process.argv[2] ?? ""]);
const other = new Redlock([process.argv[2] ?? ""]);
try {
  const held = await redlock.acquire("url", { wait: Number(process.argv[3]) });
  const waiting = other.using("url", () => "woken");
  await held.release();
  console.log(await waiting);
} catch (error) {
  console.log(String(error));
}
await Promise.all([redlock.close(), other.close()]);
