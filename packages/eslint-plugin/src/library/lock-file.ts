import { relative } from "node:path";
import { type CallExpression, type Node, propertyName, type SourceCode, unwrap } from "../ast/nodes.ts";
import { type LockCall, type LockMethod, METHODS, readLockCall } from "./lock-call.ts";
import { LockSources } from "./lock-source.ts";
import { isLibrary } from "./modules.ts";
import { originOf } from "./origins.ts";
import { readSettings, type Settings } from "./settings.ts";
import { isTestFile } from "./test-file.ts";
import { typeSaysLibrary } from "./type-information.ts";

/** What all rules need to know about one file. */
export class LockFile {
  readonly code: SourceCode;
  readonly #settings: Settings;
  readonly #sources: LockSources;
  readonly #path: string;
  readonly #calls = new Map<CallExpression, LockCall | undefined>();
  #isTest: boolean | undefined;

  constructor(code: SourceCode, settings: Settings, path: string) {
    this.code = code;
    this.#settings = settings;
    this.#sources = new LockSources(code, settings);
    this.#path = path;
  }

  /** Whether rules about leaks and short times leave this file out, because it is a test. */
  get isExemptTest(): boolean {
    this.#isTest ??= isTestFile(this.code, this.#path);
    return this.#isTest && !this.#settings.tests;
  }

  /** Whether an object is a client or a lockable. With type information, the type of its method decides what the file leaves open. */
  isLockSource(object: Node, method: string): boolean {
    const verdict = this.#sources.judge(object);
    if (verdict === "yes" || verdict === "no") return verdict === "yes";
    return typeSaysLibrary(this.code, unwrap(object), method) ?? verdict === "name";
  }

  /** Whether an expression is an export of the library. */
  isFromLibrary(node: Node): boolean {
    const origin = originOf(this.code, node);
    return origin !== undefined && isLibrary(origin.module, this.#settings);
  }

  /** The call of a method that acquires, or `undefined` if it is something else. */
  lockCall(node: CallExpression): LockCall | undefined {
    if (!this.#calls.has(node)) this.#calls.set(node, this.#readCall(node));
    return this.#calls.get(node);
  }

  #readCall(node: CallExpression): LockCall | undefined {
    const callee = unwrap(node.callee);
    if (callee.type !== "MemberExpression") return undefined;
    const method = propertyName(callee);
    if (method === undefined || !METHODS.has(method) || !this.isLockSource(callee.object, method))
      return undefined;
    return readLockCall(this.code, node, method as LockMethod, callee.object);
  }
}

/** All rules of a run share what they know of a file. */
const files = new WeakMap<object, LockFile>();

interface FileContext {
  readonly sourceCode: SourceCode;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly filename: string;
  readonly cwd: string;
}

export function lockFile({ sourceCode, settings, filename, cwd }: FileContext): LockFile {
  let file = files.get(sourceCode);
  if (file === undefined) {
    file = new LockFile(sourceCode, readSettings(settings, filename, cwd), relative(cwd, filename));
    files.set(sourceCode, file);
  }
  return file;
}
