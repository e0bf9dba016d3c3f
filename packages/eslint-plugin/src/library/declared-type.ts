import type { TSESTree } from "@typescript-eslint/utils";
import { keyName, type SourceCode } from "../ast/nodes.ts";
import { variableOf } from "../ast/variables.ts";

/** Types whose value, item or result is the first type in their brackets. */
const WRAPPERS = new Set([
  "Promise",
  "PromiseLike",
  "Awaited",
  "Readonly",
  "Required",
  "Partial",
  "NonNullable",
  "Pick",
  "Omit",
  "Array",
  "ReadonlyArray",
  "Set",
  "ReadonlySet",
  "Iterable",
  "AsyncIterable",
  "ReturnType",
  "InstanceType",
]);
/** Types that refer to each other in a circle end here. */
const MAX_DEPTH = 8;

/**
 * The names of types that a value itself can have: `Redlock` of `Promise<Redlock | undefined>` and of `Redlock[]`. The types of its
 * members are other types, so `{ redlock: Redlock; pool: Pool }` and `Map<Redlock, Pool>` have none.
 */
export function typeNames(
  code: SourceCode,
  type: TSESTree.TypeNode,
  depth = 0,
): readonly TSESTree.EntityName[] {
  if (depth > MAX_DEPTH) return [];
  const namesOf = (inner: TSESTree.TypeNode | undefined): readonly TSESTree.EntityName[] =>
    inner === undefined ? [] : typeNames(code, inner, depth + 1);
  switch (type.type) {
    case "TSTypeReference": {
      if (isWrapper(type)) return namesOf(type.typeArguments?.params[0]);
      const alias = declarationOf(code, type);
      return alias?.type === "TSTypeAliasDeclaration" ? namesOf(alias.typeAnnotation) : [type.typeName];
    }
    case "TSUnionType":
    case "TSIntersectionType":
      return type.types.flatMap(namesOf);
    case "TSArrayType":
      return namesOf(type.elementType);
    case "TSTypeOperator":
      return namesOf(type.typeAnnotation);
    case "TSIndexedAccessType":
      // An item of a list, or a member.
      return namesOf(
        type.indexType.type === "TSNumberKeyword" ? type.objectType : accessedType(code, type, depth),
      );
    case "TSTypeQuery":
      return type.exprName.type === "TSImportType" ? [] : [type.exprName];
    default:
      return [];
  }
}

/** The type of a member, as the file declares it in a type literal, an interface or an alias of these. */
export function memberType(
  code: SourceCode,
  type: TSESTree.TypeNode,
  name: string,
  depth = 0,
): TSESTree.TypeNode | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (at: TSESTree.TypeNode | undefined): TSESTree.TypeNode | undefined =>
    at === undefined ? undefined : memberType(code, at, name, depth + 1);
  switch (type.type) {
    case "TSTypeLiteral":
      return memberIn(type.members, name);
    case "TSTypeReference": {
      if (isWrapper(type)) return inner(type.typeArguments?.params[0]);
      const declaration = declarationOf(code, type);
      if (declaration?.type === "TSInterfaceDeclaration") return memberIn(declaration.body.body, name);
      return declaration?.type === "TSTypeAliasDeclaration" ? inner(declaration.typeAnnotation) : undefined;
    }
    case "TSUnionType":
    case "TSIntersectionType":
      for (const part of type.types) {
        const found = inner(part);
        if (found !== undefined) return found;
      }
      return undefined;
    case "TSIndexedAccessType":
      return inner(accessedType(code, type, depth));
    default:
      return undefined;
  }
}

/** The type of `Deps["pool"]`. */
function accessedType(
  code: SourceCode,
  { objectType, indexType }: TSESTree.TSIndexedAccessType,
  depth: number,
): TSESTree.TypeNode | undefined {
  if (indexType.type !== "TSLiteralType" || indexType.literal.type !== "Literal") return undefined;
  return memberType(code, objectType, String(indexType.literal.value), depth + 1);
}

function memberIn(members: readonly TSESTree.TypeElement[], name: string): TSESTree.TypeNode | undefined {
  for (const member of members)
    if (member.type === "TSPropertySignature" && keyName(member) === name)
      return member.typeAnnotation?.typeAnnotation;
  return undefined;
}

function isWrapper({ typeName }: TSESTree.TSTypeReference): boolean {
  return typeName.type === "Identifier" && WRAPPERS.has(typeName.name);
}

/** The declaration of an interface or of an alias in this file. */
function declarationOf(code: SourceCode, { typeName }: TSESTree.TSTypeReference) {
  if (typeName.type !== "Identifier") return undefined;
  const [definition] = variableOf(code, typeName)?.defs ?? [];
  return definition?.type === "Type" ? definition.node : undefined;
}
