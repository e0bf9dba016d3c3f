import { checkName } from "../base/names.ts";
import { formatValue } from "../base/check-value.ts";

/** The start of every name of a tenant. */
export function prefixOfTenant(id: string): string {
  return `{${id}}//n/`;
}

/** The name of the semaphore that is the limit of a tenant. */
export function quotaOfTenant(id: string): string {
  return `{${id}}//q`;
}

/** @throws TypeError, RangeError for a text that is no id of a tenant. */
export function checkTenantId(field: string, id: unknown): string {
  const checked = checkName(field, id);
  const [found] = /[{}]/.exec(checked) ?? [];
  if (found === undefined) return checked;
  throw new RangeError(
    `${field}: ${formatValue(checked)} has ${JSON.stringify(found)}, which marks the hash slot of a name; leave it out or encode it`,
  );
}
