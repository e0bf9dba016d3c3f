import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { parseDocComment } from "./doc-comment.mjs";

/**
 * Reads what an entry exports. It follows the re-exports of the entry to the declarations.
 *
 * @param {string} source the source directory.
 * @param {string} entry the path of the entry, relative to `source`.
 * @returns the declarations in the order of the entry: name, file, kind, type, doc comment and members.
 */
export function readExports(source, entry) {
  const { program } = parse(join(source, entry));
  const names = program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) return [];
    const file = join(dirname(entry), statement.source.value);
    return statement.specifiers.map(({ local }) => ({ file, name: local.name }));
  });
  const exported = new Set(names.map(({ name }) => name));
  return names.map(({ file, name }) => readDeclaration(source, file, name, exported));
}

function parse(path) {
  const text = readFileSync(path, "utf8");
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  return { program, text, comments };
}

function readDeclaration(source, file, name, exported) {
  const parsed = parse(join(source, file));
  const statements = parsed.program.body.filter((each) => declaredName(each) === name);
  if (statements.length === 0) throw new Error(`${file} does not declare ${name}`);
  // The implementation of an overloaded function is not a signature.
  const isOverloaded = statements.length > 1;
  const signatures = statements
    .map(({ declaration }) => declaration)
    .filter(({ type }) => !isOverloaded || type === "TSDeclareFunction");
  const [first] = statements;
  const declaration = {
    name,
    file,
    position: first.start,
    kind: KINDS[first.declaration.type],
    doc: docOf(first, parsed),
    ...details(first.declaration, parsed),
  };
  if (declaration.kind === undefined) throw new Error(`${file}: ${name} is a ${first.declaration.type}`);
  inheritPrivate(declaration, parsed, exported);
  if (declaration.kind === "function")
    declaration.signatures = signatures.map((each) => signatureOf(each, name, parsed));
  return declaration;
}

/** Members of a parent class that is not exported become members of the class, because the page does not show the parent. */
function inheritPrivate(declaration, parsed, exported) {
  const [parent] = declaration.kind === "class" ? declaration.parents : [];
  if (parent === undefined || exported.has(parent)) return;
  const node = parsed.program.body.find(
    (each) => each.type === "ClassDeclaration" && each.id.name === parent,
  );
  if (node === undefined) return;
  const { parents, members } = details(node, parsed);
  const own = new Set(declaration.members.map(({ name }) => name));
  declaration.members.push(...members.filter(({ name }) => !own.has(name) && name !== "toJSON"));
  declaration.parents = parents;
}

function declaredName({ declaration }) {
  return declaration?.type === "VariableDeclaration"
    ? declaration.declarations[0].id.name
    : declaration?.id?.name;
}

const KINDS = {
  ClassDeclaration: "class",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
  FunctionDeclaration: "function",
  TSDeclareFunction: "function",
  VariableDeclaration: "constant",
};

function details(node, parsed) {
  const textOf = (part) => collapse(parsed.text.slice(part.start, part.end));
  switch (node.type) {
    case "TSTypeAliasDeclaration":
      return {
        type: textOf(node)
          .replace(/^type /, "")
          .replace(/;$/, ""),
      };
    case "TSInterfaceDeclaration":
      return { parents: node.extends.map(textOf), members: readMembers(node.body.body, parsed) };
    case "ClassDeclaration":
      return {
        parents: node.superClass === null ? [] : [textOf(node.superClass)],
        ports: node.implements.map(textOf),
        isAbstract: node.abstract,
        members: readMembers(node.body.body, parsed),
      };
    case "VariableDeclaration":
      return { type: textOf(node.declarations[0].id) };
    default:
      return {};
  }
}

/** The public members. Overloads are one member with several signatures, without the signature of the implementation. */
function readMembers(nodes, parsed) {
  const members = new Map();
  for (const node of nodes) {
    const name = memberName(node, parsed);
    if (name === undefined) continue;
    const existing = members.get(name);
    const signature = signatureOf(node, name, parsed);
    if (existing === undefined) {
      const type = typeOf(node, parsed);
      members.set(name, {
        name,
        isMethod: signature !== undefined,
        isStatic: node.static === true,
        isOptional: node.optional === true,
        type,
        doc: docOf(node, parsed),
        signatures: signature === undefined ? [] : [signature],
      });
    } else if ((node.value?.body ?? null) === null) existing.signatures.push(signature);
  }
  return [...members.values()];
}

/** `undefined` for private members, and for members whose name is computed. */
function memberName(node) {
  if (node.computed || node.key === undefined || node.key.type === "PrivateIdentifier") return undefined;
  if (node.accessibility === "private" || node.accessibility === "protected") return undefined;
  return node.key.type === "Literal" ? node.key.value : node.key.name;
}

function typeOf(node, { text }) {
  const annotation =
    node.typeAnnotation?.typeAnnotation ??
    (node.kind === "get" ? node.value.returnType?.typeAnnotation : undefined);
  if (annotation !== undefined && annotation !== null)
    return collapse(text.slice(annotation.start, annotation.end));
  return node.value?.type === "Literal" ? collapse(text.slice(node.value.start, node.value.end)) : undefined;
}

/** "acquire(name: string): Promise<Lock>", or `undefined` if the node is no method. */
function signatureOf(node, name, { text }) {
  if (node.kind === "get") return undefined;
  const call = node.value?.params === undefined ? node : node.value;
  if (call.params === undefined) return undefined;
  const parameters = call.params.map((parameter) => parameterText(parameter, text)).join(", ");
  const generics = call.typeParameters ? text.slice(call.typeParameters.start, call.typeParameters.end) : "";
  if (name === "constructor") return `(${parameters})`;
  const result =
    call.returnType === null ? "" : collapse(text.slice(call.returnType.start, call.returnType.end));
  return `${name}${generics}(${parameters})${result}`;
}

/** A parameter without its default, and with a name if it is destructured. */
function parameterText(parameter, text) {
  const target = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
  const isOptional = target.optional || parameter !== target;
  const name = target.type === "Identifier" ? target.name : "options";
  const type = target.typeAnnotation
    ? text.slice(target.typeAnnotation.start, target.typeAnnotation.end)
    : ": number";
  return collapse(`${name}${isOptional ? "?" : ""}${type}`);
}

/** The doc comment that ends directly before a node. */
function docOf(node, { comments, text }) {
  const comment = comments.findLast(
    ({ type, value, end }) =>
      type === "Block" &&
      value.startsWith("*") &&
      end <= node.start &&
      text.slice(end, node.start).trim() === "",
  );
  return comment === undefined ? undefined : parseDocComment(comment.value.slice(1));
}

function collapse(text) {
  return text
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/^\| |(?<== )\| /, "")
    .trim();
}
