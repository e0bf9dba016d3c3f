import { type ApiObject } from "./resources.ts";
import { badRequest } from "./status.ts";

export type Matches = (object: ApiObject) => boolean;

const REQUIREMENT =
  /^(?<not>!)?\s*(?<key>[A-Za-z0-9./_-]+)\s*(?:(?<operator>==|=|!=)\s*(?<value>[A-Za-z0-9._-]*)|(?<set>in|notin)\s*\((?<values>[^)]*)\))?$/;

/** Reads a `labelSelector`: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a` and `!a`, with commas between. */
export function labelSelector(text: string): Matches {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  const requirements = parts.map((part) => requirementOf(part.trim(), text));
  return ({ metadata }) => requirements.every((fulfils) => fulfils(metadata.labels ?? {}));
}

function requirementOf(part: string, text: string): (labels: Record<string, string>) => boolean {
  const groups = REQUIREMENT.exec(part)?.groups;
  const key = groups?.["key"];
  if (groups === undefined || key === undefined)
    throw badRequest(`unable to parse requirement: found '${part}' in '${text}'`);
  const { not, operator, value, set, values } = groups;
  if (not !== undefined) return (labels) => labels[key] === undefined;
  if (operator === "!=") return (labels) => labels[key] !== value;
  if (operator !== undefined) return (labels) => labels[key] === value;
  if (set === undefined) return (labels) => labels[key] !== undefined;
  const members = (values ?? "").split(",").map((member) => member.trim());
  if (set === "in") return (labels) => labels[key] !== undefined && members.includes(labels[key]);
  return (labels) => labels[key] === undefined || !members.includes(labels[key]);
}

/** Reads a `fieldSelector`. Every type supports the name and the namespace, and only these. */
export function fieldSelector(text: string): Matches {
  const parts = text === "" ? [] : text.split(",");
  const requirements = parts.map((part): Matches => {
    const match = /^metadata\.(name|namespace)(!?==?)(.*)$/.exec(part);
    if (match === null) throw badRequest(`field label not supported: ${part}`);
    const [, field = "", operator = "", value] = match;
    return ({ metadata }) => (metadata[field] === value) !== operator.startsWith("!");
  });
  return (object) => requirements.every((matches) => matches(object));
}
