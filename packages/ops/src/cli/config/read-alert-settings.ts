import { type AlertSettings, readAlertsConfig } from "../../alerts/index.ts";
import { ConfigFile } from "./config-file.ts";
import { findConfigFile } from "./find-config-file.ts";

/** What the commands about alerts need of the configuration. */
export interface AlertCommandConfig {
  /** `undefined` if there is no file. */
  readonly file: ConfigFile | undefined;
  readonly settings: AlertSettings;
}

/** @throws CommandError with all problems and their places. */
export async function readAlertSettings(option: string | undefined): Promise<AlertCommandConfig> {
  const path = findConfigFile(option);
  const file = path === undefined ? undefined : new ConfigFile(path);
  if (file === undefined) return { file, settings: {} };
  const settings = await file.check(() => readAlertsConfig(file.value.alerts, file.directory));
  return { file, settings };
}
