import { ClassRecord } from "./class-record.ts";
import { resourceClassOf } from "../base/resource-class.ts";

/** How many classes have figures of their own. */
const MAX_CLASSES = 200;
/** The class of all names that have no class of their own. */
const OTHER_CLASS = "other";
/** A class with a longer name counts as `other`, so that labels stay short. */
const MAX_CLASS_LENGTH = 128;

/** The record of each class, at most 200 and `other`. */
export class ClassRecords {
  readonly #classOf: (name: string) => string;
  readonly #records = new Map<string, ClassRecord>();

  constructor(classOf: ((name: string) => string) | undefined) {
    this.#classOf = classOf ?? resourceClassOf;
  }

  /** The classes in the order of their first use. */
  entries(): IterableIterator<[string, ClassRecord]> {
    return this.#records.entries();
  }

  /** The record of a class, or of the class of a name. It is that of `other` for names that had no class of their own left. */
  find(name: string): readonly [resource: string, record: ClassRecord] | undefined {
    const wanted = this.#records.has(name) ? name : this.#classify(name);
    const resource = this.#records.has(wanted) || !this.#isFull ? wanted : OTHER_CLASS;
    const record = this.#records.get(resource);
    return record === undefined ? undefined : [resource, record];
  }

  /**
   * The class of a lock, and its record. The class of a lock on several names is that of the last name in sorted order, so the class of
   * a lock on a tree is that of its deepest node.
   */
  of(names: readonly string[], nowMs: number): readonly [resource: string, record: ClassRecord] {
    const wanted = this.#classify(names.at(-1) ?? "");
    const known = this.#records.get(wanted);
    if (known !== undefined) return [wanted, known];
    const resource = this.#isFull ? OTHER_CLASS : wanted;
    let record = this.#records.get(resource);
    if (record === undefined) this.#records.set(resource, (record = new ClassRecord(nowMs)));
    return [resource, record];
  }

  get #isFull(): boolean {
    return this.#records.size - (this.#records.has(OTHER_CLASS) ? 1 : 0) >= MAX_CLASSES;
  }

  /** A function of the user that throws, or returns no short text, must not break the figures. */
  #classify(name: string): string {
    try {
      const resource: unknown = this.#classOf(name);
      if (typeof resource === "string" && resource !== "" && resource.length <= MAX_CLASS_LENGTH)
        return resource;
    } catch {
      // The name counts as `other`.
    }
    return OTHER_CLASS;
  }
}
