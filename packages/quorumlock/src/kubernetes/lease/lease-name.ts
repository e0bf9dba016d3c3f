import { createHash } from "node:crypto";
import { checkText, formatValue } from "../../base/check-value.ts";

const MAX_SUBDOMAIN_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const LABEL = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
/** How much of a name stays readable in the name of its Lease. */
const MAX_READABLE_LENGTH = 48;
/** 128 bits in hexadecimal. */
const DIGEST_LENGTH = 32;

/** @throws TypeError, RangeError if Kubernetes does not accept the text as the name of a Lease. */
export function checkLeaseName(name: string): string {
  checkText("name", name);
  if (name.length <= MAX_SUBDOMAIN_LENGTH && DNS_SUBDOMAIN.test(name)) return name;
  throw new RangeError(
    `name: ${formatValue(name)} must be a DNS subdomain: at most ${MAX_SUBDOMAIN_LENGTH} lowercase letters, digits, "-" and ".", ` +
      "with a letter or digit at each end and around each dot; use leaseNameOf(name) for any other text",
  );
}

/** @throws TypeError, RangeError if Kubernetes does not accept the text as the name of a namespace. */
export function checkNamespace(namespace: string): string {
  checkText("namespace", namespace);
  if (namespace.length <= MAX_LABEL_LENGTH && DNS_LABEL.test(namespace)) return namespace;
  throw new RangeError(
    `namespace: ${formatValue(namespace)} must be a DNS label: at most ${MAX_LABEL_LENGTH} lowercase letters, digits and "-", ` +
      "with a letter or digit at each end",
  );
}

/**
 * The name of a Lease for any text, such as `order:42`. The start of the text stays readable, and 128 bits of its SHA-256 follow, so
 * that different texts have different Leases. The same text always has the same one, in every process.
 *
 * ```ts
 * import { leaseNameOf } from "quorumlock/kubernetes";
 *
 * console.log(leaseNameOf("Order:42")); // order-42-d652e45a9f2343b6b5900feb11dbad0f
 * ```
 * @throws TypeError, RangeError if the name is no text, or is empty.
 */
export function leaseNameOf(name: string): string {
  if (checkText("name", name) === "") throw new RangeError('name: "" must not be empty');
  const digest = createHash("sha256").update(name).digest("hex").slice(0, DIGEST_LENGTH);
  const readable = name
    .toLowerCase()
    .slice(0, MAX_READABLE_LENGTH)
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return readable === "" ? `lease-${digest}` : `${readable}-${digest}`;
}
