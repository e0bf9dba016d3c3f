import type { TSESTree } from "@typescript-eslint/utils";
import { conditionOn } from "../ast/null-checks.ts";
import { isFunction, isInside, type Node, type SourceCode, unwrap, type Variable } from "../ast/nodes.ts";
import { findInSameFunction } from "../ast/walk.ts";
import { isHandOver, type LockUses, usesIn } from "./lock-uses.ts";
import { isLoop, jumpTarget, statementsOf, tryBlocksAround } from "./statements.ts";

/** A path on which a lock stays held. */
export interface Leak {
  /**
   * - `"never"`: the function ends without a release.
   * - `"exit"`: a `return`, `throw`, `break` or `continue` leaves before the release.
   * - `"error"`: something that can fail is between the acquisition and the release.
   */
  readonly kind: "never" | "exit" | "error";
  readonly node: Node;
}

/** How statements end, for a lock that is held at their start. `"jumped"`: a `break` or `continue` has left a loop around them. */
type Outcome = "held" | "released" | { readonly jumpedTo: Node } | Leak;

export interface HeldLock {
  readonly code: SourceCode;
  readonly variable: Variable;
  readonly uses: LockUses;
  /** Whether a node releases everything that a client holds: a call of its `close()`. */
  readonly isClose: (node: Node) => boolean;
}

/**
 * Follows the statements behind an acquisition to the end of the function, and finds the first path on which the lock is not
 * released. What it cannot decide counts as a release: for example one in a loop or in a `switch`.
 */
export class ReleasePaths {
  readonly #lock: HeldLock;
  /** The first statement that can fail while nothing releases the lock then. */
  #risk: Node | undefined;
  /** Whether a handler around the current statement releases the lock. */
  #isProtected = false;

  constructor(lock: HeldLock) {
    this.#lock = lock;
  }

  /** The leak of the lock that `statement` acquires. */
  find(statement: Node): Leak | undefined {
    if (tryBlocksAround(statement).some(({ finalizer }) => this.#handles(finalizer))) return undefined;
    let at = statement;
    while (at.parent && !isFunction(at.parent)) {
      const { parent } = at;
      const list = statementsOf(parent);
      if (list !== undefined) {
        this.#isProtected = tryBlocksAround(at).some(({ handler }) => this.#handles(handler));
        const outcome = this.#follow(list.slice(list.indexOf(at) + 1));
        if (outcome === "released")
          return this.#risk === undefined ? undefined : { kind: "error", node: this.#risk };
        if (typeof outcome === "object" && "kind" in outcome) return outcome;
        if (typeof outcome === "object") {
          at = outcome.jumpedTo;
          continue;
        }
      }
      at = parent;
      if (isLoop(at) && this.#isDeclaredIn(at)) break;
    }
    return { kind: "never", node: statement };
  }

  #follow(statements: readonly Node[]): Outcome {
    for (const statement of statements) {
      const outcome = this.#step(statement);
      if (outcome !== "held") return outcome;
    }
    return "held";
  }

  #step(statement: Node): Outcome {
    switch (statement.type) {
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return "held";
      case "BlockStatement":
        return this.#follow(statement.body);
      case "LabeledStatement":
        return this.#step(statement.body);
      case "IfStatement":
        return this.#stepIf(statement);
      case "TryStatement":
        return this.#stepTry(statement);
      case "ReturnStatement":
      case "ThrowStatement":
        if (this.#givesUp(statement)) return "released";
        return statement.type === "ThrowStatement" && this.#isProtected
          ? "released"
          : { kind: "exit", node: statement };
      case "BreakStatement":
      case "ContinueStatement": {
        const target = jumpTarget(statement);
        if (target === undefined) return "released";
        return this.#isDeclaredIn(target) ? { kind: "exit", node: statement } : { jumpedTo: target };
      }
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "SwitchStatement":
        return this.#stepMany(statement);
      default:
        if (this.#givesUp(statement)) return "released";
        this.#noteRisk(statement);
        return "held";
    }
  }

  #stepIf({ test, consequent, alternate }: TSESTree.IfStatement): Outcome {
    const condition = conditionOn(this.#lock.variable, test);
    if (condition === "set") return this.#step(consequent);
    if (condition === "empty") return alternate === null ? "held" : this.#step(alternate);
    if (this.#givesUp(test)) return "released";
    this.#noteRisk(test);
    const outcomes = [this.#step(consequent), alternate === null ? "held" : this.#step(alternate)] as const;
    const leak = outcomes.find((outcome) => typeof outcome === "object" && "kind" in outcome);
    if (leak !== undefined) return leak;
    return outcomes.includes("held") ? "held" : outcomes[0];
  }

  #stepTry({ block, handler, finalizer }: TSESTree.TryStatement): Outcome {
    if (this.#handles(finalizer)) return "released";
    const [before, wasProtected] = [this.#risk, this.#isProtected];
    this.#isProtected ||= this.#handles(handler);
    const outcome = this.#follow(block.body);
    this.#isProtected = wasProtected;
    if (outcome !== "held") return outcome;
    if (handler !== null) {
      // The handler gets the errors of the block, and what follows it is checked below.
      this.#risk = before;
      if (!this.#handles(handler)) {
        const handled = this.#follow(handler.body.body);
        if (typeof handled === "object") return handled;
      }
    }
    return finalizer === null ? "held" : this.#follow(finalizer.body);
  }

  /** A loop or a switch, whose statements may run in any number. */
  #stepMany(statement: Node): Outcome {
    if (this.#givesUp(statement)) return "released";
    const exit = findInSameFunction(
      this.#lock.code,
      statement,
      (node) =>
        node.type === "ReturnStatement" || (node.type === "ThrowStatement" && !isCaught(node, statement)),
    );
    if (exit !== undefined && !this.#isProtected) return { kind: "exit", node: exit };
    this.#noteRisk(statement);
    return "held";
  }

  /** Whether a node releases the lock, or leaves it to something else. */
  #givesUp(node: Node): boolean {
    const { uses, code, isClose } = this.#lock;
    return (
      usesIn(uses, node).some((use) => use.kind === "releases" || isHandOver(uses, use)) ||
      findInSameFunction(code, node, isClose) !== undefined
    );
  }

  #handles(node: Node | null): boolean {
    if (node === null) return false;
    const { uses, code, isClose } = this.#lock;
    return (
      usesIn(uses, node).some(({ kind }) => kind !== "reads") ||
      findInSameFunction(code, node, isClose) !== undefined
    );
  }

  #noteRisk(node: Node): void {
    if (this.#isProtected || this.#risk !== undefined) return;
    const { code, uses } = this.#lock;
    this.#risk = findInSameFunction(code, node, (at) => {
      if (at.type === "ForOfStatement") return at.await;
      if (at.type === "YieldExpression") return true;
      if (at.type !== "AwaitExpression" || isCaught(at, node)) return false;
      // A call of the lock itself, as `await lock.extend()`, is no work.
      const call = unwrap(at.argument);
      const callee = call.type === "CallExpression" ? unwrap(call.callee) : undefined;
      const object = callee?.type === "MemberExpression" ? callee.object : undefined;
      return object === undefined || !uses.uses.some((use) => use.node === unwrap(object));
    });
  }

  #isDeclaredIn(node: Node): boolean {
    return this.#lock.variable.defs.some(({ name }) => isInside(name, node));
  }
}

/** Whether a handler between a node and an outer one gets its errors. */
function isCaught(node: Node, outer: Node): boolean {
  return tryBlocksAround(node).some((statement) => statement.handler !== null && isInside(statement, outer));
}
