import { formatValue } from "../../base/check-value.ts";
import type { OpenTelemetryApi } from "./api.ts";

/** @throws TypeError if it is not the module. */
export function checkApi(api: OpenTelemetryApi): OpenTelemetryApi {
  const { context, trace, metrics }: Partial<OpenTelemetryApi> = api ?? {};
  const isApi =
    typeof context?.active === "function" &&
    typeof trace?.getTracer === "function" &&
    typeof metrics?.getMeter === "function";
  if (!isApi) throw new TypeError(`api: ${formatValue(api)} must be the module @opentelemetry/api`);
  return api;
}
