import { createHash, randomBytes } from "node:crypto";
import { unlinkSync } from "node:fs";
import { type FileHandle, link, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandError, EXIT } from "../command-error.ts";
import type { BackupEnd, BackupLine } from "./backup-format.ts";

/** Only the owner may read it: whoever knows a token can release its lock. */
const MODE = 0o600;
const BUFFER_LENGTH = 64 * 1_024;

/** Writes a backup. The file appears only when it is complete and on the disk. */
export class BackupWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #force: boolean;
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");
  #buffer = "";
  #isOpen = true;
  /** At a second Ctrl-C there is no time for anything else. */
  readonly #onExit = (): void => {
    try {
      unlinkSync(this.#temporary);
    } catch {
      // It has its name already, or is removed.
    }
  };

  private constructor(path: string, temporary: string, force: boolean, file: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#force = force;
    this.#file = file;
    process.once("exit", this.#onExit);
  }

  /** @throws CommandError if the file cannot be written, or exists and `force` is not set. */
  static async open(path: string, force: boolean): Promise<BackupWriter> {
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
    return withProblem(path, async () => {
      if (!force) await checkIsMissing(path);
      return new BackupWriter(path, temporary, force, await open(temporary, "wx", MODE));
    });
  }

  async write(lines: readonly BackupLine[]): Promise<void> {
    for (const line of lines) this.#buffer += `${JSON.stringify(line)}\n`;
    if (this.#buffer.length >= BUFFER_LENGTH) await this.#flush();
  }

  /** Writes the end, and gives the file its name. */
  async finish(end: Omit<BackupEnd, "end" | "sha256">): Promise<void> {
    await this.#flush();
    const line: BackupEnd = { end: true, ...end, sha256: this.#hash.copy().digest("hex") };
    this.#buffer = `${JSON.stringify(line)}\n`;
    await this.#flush();
    await withProblem(this.#path, async () => {
      await this.#file.sync();
      await this.#close();
      if (this.#force) await rename(this.#temporary, this.#path);
      else {
        // Unlike a renaming, it replaces no file that has appeared meanwhile.
        await link(this.#temporary, this.#path);
        await unlink(this.#temporary);
      }
      process.off("exit", this.#onExit);
      await syncDirectory(dirname(this.#path));
    });
  }

  /** Removes what was written, unless it was finished. Never rejects. */
  async abandon(): Promise<void> {
    await this.#close().catch(() => undefined);
    await unlink(this.#temporary).catch(() => undefined);
    process.off("exit", this.#onExit);
  }

  async #flush(): Promise<void> {
    const text = this.#buffer;
    this.#buffer = "";
    this.#hash.update(text);
    await withProblem(this.#path, () => this.#file.writeFile(text));
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close();
  }
}

async function checkIsMissing(path: string): Promise<void> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return;
  await file.close();
  throw Object.assign(new Error("the file exists"), { code: "EEXIST" });
}

/** So that the name is on the disk, too. Some file systems cannot do it. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}

async function withProblem<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === "EEXIST"
        ? `${path}: the file exists; choose another one, or replace it with --force`
        : `${path}: the file cannot be written (${code ?? "unknown error"})`;
    throw new CommandError(message, EXIT.cannotWrite);
  }
}
