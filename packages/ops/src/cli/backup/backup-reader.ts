import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { CommandError, EXIT } from "../command-error.ts";
import {
  BACKUP_VERSION,
  type BackupCounter,
  type BackupEnd,
  type BackupHeader,
  type BackupHold,
  type BackupLine,
  type BackupServer,
  type BackupTimes,
} from "./backup-format.ts";

/** No line of a backup is longer. */
const MAX_LINE_LENGTH = 1_000_000;

/** What a whole and undamaged backup says about itself. */
export interface CheckedBackup {
  readonly header: BackupHeader;
  readonly end: BackupEnd;
}

export function isTimes(line: BackupLine): line is BackupTimes {
  return "times" in line;
}

export function isHold(line: BackupLine): line is BackupHold {
  return "token" in line;
}

export function isCounter(line: BackupLine): line is BackupCounter {
  return "kind" in line;
}

/** A pipe cannot be read twice. */
async function checkIsFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === false)
    throw new CommandError(
      `${path}: it is no file; a backup is read twice, so it must be one`,
      EXIT.missingFile,
    );
}

/**
 * Reads a backup to its end, before anything is done with it.
 * @throws CommandError if it is missing, no file, cut, changed, or of another version.
 */
export async function checkBackup(path: string): Promise<CheckedBackup> {
  await checkIsFile(path);
  const hash = createHash("sha256");
  let header: BackupHeader | undefined;
  let end: BackupEnd | undefined;
  let [holds, counters, servers] = [0, 0, 0];
  for await (const text of linesOf(path)) {
    if (end !== undefined) throw damaged(path, "there are lines behind its end");
    const line = parse(path, text);
    if (header === undefined) {
      header = checkHeader(path, line);
      servers = header.servers.length;
    } else if ("end" in line) end = line;
    else if (isHold(line)) holds += 1;
    else if (isCounter(line)) counters += 1;
    if (!isSound(line, servers)) throw damaged(path, "a line is not as `backup` writes it");
    if (end === undefined) hash.update(`${text}\n`);
  }
  if (header === undefined) throw damaged(path, "it is empty");
  if (end === undefined) throw damaged(path, "its end is missing, so it was cut");
  if (end.holds !== holds || end.counters !== counters || end.sha256 !== hash.digest("hex"))
    throw damaged(path, "its checksum is wrong, so it was changed");
  return { header, end };
}

/** The lines of a backup that was checked. */
export async function* readBackup(path: string): AsyncGenerator<BackupLine> {
  for await (const text of linesOf(path)) yield parse(path, text);
}

function checkHeader(path: string, line: BackupLine): BackupHeader {
  if (!("backup" in line) || line.backup !== "quorumlock")
    throw damaged(path, "it is no backup of quorumlock");
  if (line.version !== BACKUP_VERSION)
    throw damaged(
      path,
      `it has version ${String(line.version)}, and this command reads version ${BACKUP_VERSION}`,
    );
  return line;
}

/** Whether each part of the line has its type. The library checks the values before it sends them. */
function isSound(line: BackupLine, servers: number): boolean {
  if ("backup" in line)
    return (
      typeof line.prefix === "string" &&
      Number.isSafeInteger(line.createdAt) &&
      Array.isArray(line.servers) &&
      line.servers.length > 0 &&
      line.servers.every((server?: Partial<BackupServer> | null) => typeof server?.label === "string")
    );
  if (isTimes(line)) return isListOfTimes(line.times, servers);
  if (isHold(line))
    return (
      [line.name, line.token].every((text) => typeof text === "string") &&
      Number.isSafeInteger(line.fence) &&
      (line.mode === undefined) !== (line.slots === undefined) &&
      (line.slots === undefined || Array.isArray(line.slots)) &&
      isListOfTimes(line.left, servers)
    );
  if (isCounter(line))
    return [line.slot, line.fence].every((each) => Number.isSafeInteger(each)) && isSizes(line.sizes);
  return "end" in line;
}

function isListOfTimes(list: unknown, servers: number): boolean {
  return (
    Array.isArray(list) &&
    list.length === servers &&
    list.every((each) => each === null || Number.isSafeInteger(each))
  );
}

function isSizes(sizes: unknown): boolean {
  if (typeof sizes !== "object" || sizes === null) return false;
  return Object.values(sizes).every(
    (size) => Array.isArray(size) && size.length === 2 && size.every((each) => Number.isSafeInteger(each)),
  );
}

function parse(path: string, text: string): BackupLine {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === "object" && line !== null) return line as BackupLine;
  } catch {
    // The text is never shown, because it can have tokens.
  }
  throw damaged(path, "a line is no JSON object");
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MAX_LINE_LENGTH) throw damaged(path, "it has a line that is too long");
      yield* lines;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== "string") throw error;
    const what = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new CommandError(`${path}: the file ${what}`, EXIT.missingFile);
  }
  if (rest !== "") throw damaged(path, "its last line was cut");
}

function damaged(path: string, why: string): CommandError {
  return new CommandError(`${path}: the backup cannot be used: ${why}`, EXIT.wrongData);
}
