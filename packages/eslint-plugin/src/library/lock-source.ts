import type { TSESTree } from "@typescript-eslint/utils";
import {
  definedName,
  keyName,
  memberName,
  type Node,
  propertyName,
  type SourceCode,
  unwrap,
  type Variable,
} from "../ast/nodes.ts";
import { variableOf } from "../ast/variables.ts";
import { findAll } from "../ast/walk.ts";
import { memberType, typeNames } from "./declared-type.ts";
import { isLibrary, isOtherLibrary, isPackage } from "./modules.ts";
import { type Origin, originOf, originOfVariable } from "./origins.ts";
import type { Settings } from "./settings.ts";

/**
 * Whether an object is of the library, as far as the file says.
 * - `"yes"`: the file makes it with the library, or declares it with a type of the library.
 * - `"no"`: the file shows that it is something else.
 * - `"foreign"`: it is of a class or a type of another package. Its types may say more.
 * - `"name"`: nothing is known, but it has a name that the settings list.
 * - `"unknown"`: nothing is known.
 */
export type Verdict = "yes" | "no" | "foreign" | "name" | "unknown";

/** Methods of clients and lockables that return no lockable. */
const NO_LOCKABLES = new Set(["acquire", "tryAcquire", "using", "tryUsing", "attach", "query", "health"]);
const MAX_DEPTH = 12;

/** Says which expressions of one file are clients or lockables. */
export class LockSources {
  readonly #code: SourceCode;
  readonly #settings: Settings;
  readonly #isWanted: (module: string) => boolean;
  readonly #hasOtherLibrary: boolean;
  readonly #variables = new Map<Variable, Verdict>();

  /** @param isWanted whether a module makes the objects that are looked for. All of the library, if it is left out. */
  constructor(
    code: SourceCode,
    settings: Settings,
    isWanted = (module: string): boolean => isLibrary(module, settings),
  ) {
    this.#code = code;
    this.#settings = settings;
    this.#isWanted = isWanted;
    this.#hasOtherLibrary = code.ast.body.some(
      (statement) => statement.type === "ImportDeclaration" && isOtherLibrary(statement.source.value),
    );
  }

  /** What the file says about an expression. */
  judge(expression: Node, depth = 0): Verdict {
    const node = unwrap(expression);
    if (depth > MAX_DEPTH) return "unknown";
    switch (node.type) {
      case "Identifier":
        return this.#judgeIdentifier(node, depth);
      case "NewExpression":
        return this.#judgeClass(originOf(this.#code, node.callee));
      case "CallExpression":
        return this.#judgeCall(node, depth);
      case "MemberExpression":
        return this.#judgeMember(node, depth);
      case "ConditionalExpression":
        return best([this.judge(node.consequent, depth + 1), this.judge(node.alternate, depth + 1)]);
      case "LogicalExpression":
        return best([this.judge(node.left, depth + 1), this.judge(node.right, depth + 1)]);
      case "AssignmentExpression":
        return this.judge(node.right, depth + 1);
      case "ThisExpression":
      case "Super":
        return "unknown";
      default:
        return "no";
    }
  }

  #judgeIdentifier(node: TSESTree.Identifier, depth: number): Verdict {
    const variable = variableOf(this.#code, node);
    if (variable === undefined) return this.#judgeName(node.name);
    const verdict = this.#judgeVariable(variable, depth);
    return verdict === "unknown" ? this.#judgeName(node.name) : verdict;
  }

  #judgeVariable(variable: Variable, depth: number): Verdict {
    const known = this.#variables.get(variable);
    if (known !== undefined) return known;
    // Variables that are assigned to each other end here.
    this.#variables.set(variable, "unknown");
    const verdict = this.#judgeDefinitions(variable, depth);
    this.#variables.set(variable, verdict);
    return verdict;
  }

  #judgeDefinitions(variable: Variable, depth: number): Verdict {
    const origin = originOfVariable(variable);
    if (origin !== undefined) return this.#judgeOrigin(origin);
    const declared = this.#typeOfVariable(variable, depth);
    const verdicts = declared === undefined ? [] : [this.#judgeTypeNode(declared)];
    if (verdicts.includes("yes") || verdicts.includes("no")) return best(verdicts);
    for (const { writeExpr, identifier } of variable.references) {
      if (!writeExpr) continue;
      const verdict = this.judge(writeExpr, depth + 1);
      // A destructured variable is a part of what is written, as `read` in `{ read } = redlock.readWrite(name)`.
      if (!isInPattern(identifier)) verdicts.push(verdict);
      else if (declared === undefined && verdict !== "no" && verdict !== "foreign") verdicts.push(verdict);
    }
    return best(verdicts);
  }

  #judgeCall(node: TSESTree.CallExpression, depth: number): Verdict {
    // A method of something from a file of the project, as `redlock.mutex(name)`, says nothing of its own.
    const verdict = this.#judgeOrigin(originOf(this.#code, node.callee));
    if (verdict !== "unknown") return verdict;
    const callee = unwrap(node.callee);
    if (callee.type !== "MemberExpression") return "unknown";
    if (NO_LOCKABLES.has(propertyName(callee) ?? "")) return "no";
    const object = this.judge(callee.object, depth + 1);
    return object === "no" || object === "foreign" ? "unknown" : object;
  }

  #judgeMember(node: TSESTree.MemberExpression, depth: number): Verdict {
    const declared = this.#typeOf(node, depth);
    const verdict = declared === undefined ? "unknown" : this.#judgeTypeNode(declared);
    if (verdict !== "unknown") return verdict;
    const name = memberName(node);
    if (node.object.type === "ThisExpression") {
      const own = name === undefined ? "unknown" : this.#judgeOwnProperty(node, name, depth);
      if (own !== "unknown") return own;
    } else if (declared === undefined) {
      // A member that has a type of its own is no client because its object is one.
      const object = this.judge(node.object, depth + 1);
      if (object === "yes" || object === "name") return object;
    }
    return name === undefined ? "unknown" : this.#judgeName(name);
  }

  /** `this.name` of a class by what is assigned to it. */
  #judgeOwnProperty(node: TSESTree.MemberExpression, name: string, depth: number): Verdict {
    const verdicts: Verdict[] = [];
    for (const member of classAround(node)?.body ?? []) {
      if (member.type === "PropertyDefinition" && definedName(member) === name && member.value !== null)
        verdicts.push(this.judge(member.value, depth + 1));
      if (member.type !== "MethodDefinition" || member.kind !== "constructor") continue;
      for (const { left, right } of findAll(this.#code, member.value, isAssignment)) {
        if (left.type !== "MemberExpression" || left.object.type !== "ThisExpression") continue;
        if (memberName(left) === name) verdicts.push(this.judge(right, depth + 1));
      }
    }
    return best(verdicts);
  }

  /** The type with which the file declares a variable, a property of the class, or a member of the type of one. */
  #typeOf(expression: Node, depth: number): TSESTree.TypeNode | undefined {
    const node = unwrap(expression);
    if (depth > MAX_DEPTH) return undefined;
    if (node.type === "Identifier") {
      const variable = variableOf(this.#code, node);
      return variable === undefined ? undefined : this.#typeOfVariable(variable, depth);
    }
    if (node.type !== "MemberExpression") return undefined;
    const name = memberName(node);
    if (name === undefined) return undefined;
    if (node.object.type === "ThisExpression") return ownAnnotations(node, name)[0]?.typeAnnotation;
    const type = this.#typeOf(node.object, depth + 1);
    return type === undefined ? undefined : memberType(this.#code, type, name);
  }

  #typeOfVariable({ defs }: Variable, depth: number): TSESTree.TypeNode | undefined {
    const [definition] = defs;
    const name = definition?.name;
    if (name?.type !== "Identifier") return undefined;
    if (name.typeAnnotation !== undefined) return name.typeAnnotation.typeAnnotation;
    // `{ locks }` of a parameter with a type, or of something with a type.
    const property = name.parent.type === "AssignmentPattern" ? name.parent.parent : name.parent;
    if (property.type !== "Property" || property.parent.type !== "ObjectPattern") return undefined;
    const [pattern, key] = [property.parent, keyName(property)];
    let whole = pattern.typeAnnotation?.typeAnnotation;
    if (definition?.type === "Variable" && definition.node.id === pattern && definition.node.init !== null)
      whole ??= this.#typeOf(definition.node.init, depth + 1);
    return whole === undefined || key === undefined ? undefined : memberType(this.#code, whole, key);
  }

  #judgeTypeNode(type: TSESTree.TypeNode): Verdict {
    const verdicts = typeNames(this.#code, type).map((typeName): Verdict => {
      let root: TSESTree.EntityName = typeName;
      while (root.type === "TSQualifiedName") root = root.left;
      if (root.type !== "Identifier") return "unknown";
      const variable = variableOf(this.#code, root);
      return variable === undefined ? "unknown" : this.#judgeClass(originOfVariable(variable));
    });
    return best(verdicts);
  }

  #judgeOrigin(origin: Origin | undefined): Verdict {
    if (origin === undefined) return "unknown";
    if (this.#isWanted(origin.module)) return "yes";
    // A package of the project can export a client too, as can a file that is imported like a package.
    return isOtherLibrary(origin.module) ? "no" : "unknown";
  }

  /** An object of a class, or a variable of a type. The name of a variable does not count if a package has its class. */
  #judgeClass(origin: Origin | undefined): Verdict {
    const verdict = this.#judgeOrigin(origin);
    return verdict === "unknown" && origin !== undefined && isPackage(origin.module) ? "foreign" : verdict;
  }

  #judgeName(name: string): Verdict {
    return !this.#hasOtherLibrary && this.#settings.receivers.includes(name) ? "name" : "unknown";
  }
}

function best(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ["yes", "no", "foreign", "name"] as const)
    if (verdicts.includes(verdict)) return verdict;
  return "unknown";
}

function isInPattern(node: Node): boolean {
  return (
    node.parent?.type === "Property" ||
    node.parent?.type === "ArrayPattern" ||
    node.parent?.type === "RestElement"
  );
}

function classAround(node: Node): TSESTree.ClassBody | undefined {
  for (let at: Node | undefined = node; at; at = at.parent) if (at.type === "ClassBody") return at;
  return undefined;
}

/** The types with which the class around `this.name` declares it: of a field, and of a parameter of the constructor. */
function ownAnnotations(node: Node, name: string): readonly TSESTree.TSTypeAnnotation[] {
  return (classAround(node)?.body ?? []).flatMap((member) => {
    if (member.type === "PropertyDefinition" && definedName(member) === name)
      return member.typeAnnotation ?? [];
    if (member.type !== "MethodDefinition" || member.kind !== "constructor") return [];
    return member.value.params.flatMap((parameter) =>
      parameter.type === "TSParameterProperty" &&
      parameter.parameter.type === "Identifier" &&
      parameter.parameter.name === name
        ? (parameter.parameter.typeAnnotation ?? [])
        : [],
    );
  });
}

const isAssignment = (node: Node): node is TSESTree.AssignmentExpression =>
  node.type === "AssignmentExpression";
