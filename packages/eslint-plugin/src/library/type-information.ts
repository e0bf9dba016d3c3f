import type { TSESTree } from "@typescript-eslint/utils";
import type { Node, SourceCode } from "../ast/nodes.ts";

/** The parts of a TypeScript type that are used here. `typescript` itself is never imported. */
interface TypeLike {
  readonly flags: number;
  getNonNullableType(): TypeLike;
  getProperty(name: string): { readonly declarations?: readonly DeclarationLike[] | undefined } | undefined;
}
interface DeclarationLike {
  getSourceFile(): { readonly fileName: string };
}
interface ServicesLike {
  readonly program?: object | null | undefined;
  readonly getTypeAtLocation?: ((node: TSESTree.Node) => TypeLike) | undefined;
}

/** `any` and `unknown`: the type says nothing. */
const NO_TYPE_FLAGS = 1 + 2;
const FILE_OF_LIBRARY = /[\\/](?:quorumlock|@quorumlock[\\/][^\\/]+)[\\/](?:dist|src)[\\/]/;

/**
 * Whether the types of the project say that a method of this object is declared by the library. `undefined` if there is no type
 * information, or if the type says nothing.
 */
export function typeSaysLibrary(
  code: SourceCode,
  node: Node,
  method: string,
  file = FILE_OF_LIBRARY,
): boolean | undefined {
  const services = code.parserServices as ServicesLike | undefined;
  if (services?.program === undefined || services.program === null) return undefined;
  const type = services.getTypeAtLocation?.(node);
  if (type === undefined || (type.flags & NO_TYPE_FLAGS) !== 0) return undefined;
  const declarations = type.getNonNullableType().getProperty(method)?.declarations;
  if (declarations === undefined) return undefined;
  return declarations.some((declaration) => file.test(declaration.getSourceFile().fileName));
}
