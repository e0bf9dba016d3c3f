import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A message as kcat prints it. */
export interface PrintedMessage {
  readonly partition: number;
  readonly key: string;
  readonly payload: string;
}

const SCRIPT = fileURLToPath(new URL("../../../../scripts/ensure-kcat.mjs", import.meta.url));
/** The debug output of the broker says on which port it listens. */
const LISTENS = /replaced with (127\.0\.0\.1:\d+)/;
const START_TIMEOUT_MS = 60_000;

/** The path of kcat. `undefined` on a machine that has none and cannot install it: then these tests are left out, and say so. */
export function findKcat(): string | undefined {
  const { stdout, stderr } = spawnSync(process.execPath, [SCRIPT, "--optional"], { encoding: "utf8" });
  const path = stdout.trim();
  if (path !== "") return path;
  console.warn(`NOT CHECKED over the protocol of Kafka: ${stderr}`);
  return undefined;
}

/**
 * A broker that speaks the protocol of Kafka: the one inside of librdkafka, which kcat starts. It keeps all messages in memory. Its port
 * is another one after each start.
 */
export class KafkaBroker {
  readonly address: string;
  readonly #kcat: string;
  readonly #process: ChildProcess;

  private constructor(kcat: string, child: ChildProcess, address: string) {
    this.#kcat = kcat;
    this.#process = child;
    this.address = address;
  }

  static async start(kcat: string): Promise<KafkaBroker> {
    // It is a producer that reads its input, so it ends with the input, at the latest with this process.
    const args = ["-b", "ignored", "-P", "-t", "unused", "-X", "test.mock.num.brokers=1", "-X", "debug=mock"];
    const child = spawn(kcat, args, { stdio: ["pipe", "ignore", "pipe"] });
    let output = "";
    const address = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the broker did not start: ${output}`)),
        START_TIMEOUT_MS,
      );
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the broker ended with ${code}: ${output}`)));
      child.stderr.on("data", (chunk: Buffer) => {
        const found = LISTENS.exec((output = (output + chunk.toString()).slice(-10_000)));
        if (found === null) return;
        clearTimeout(timer);
        resolve(found[1]!);
      });
    });
    child.removeAllListeners("exit");
    return new KafkaBroker(kcat, child, address);
  }

  /** Reads all messages of a topic, in the order of each partition. */
  async read(topic: string): Promise<readonly PrintedMessage[]> {
    const args = ["-C", "-b", this.address, "-t", topic, "-o", "beginning", "-e", "-q", "-J"];
    const reader = spawn(this.#kcat, args, { stdio: ["ignore", "pipe", "ignore"] });
    let printed = "";
    reader.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(reader, "close")) as [number | null];
    if (code !== 0) throw new Error(`kcat ended with ${code}`);
    const lines = printed.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as PrintedMessage);
  }

  /** Stops the process. Connections stay open, and nothing is answered. */
  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  resume(): void {
    this.#process.kill("SIGCONT");
  }

  /** It ignores SIGTERM. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }
}
