import type { AlertFigures } from "./alert-figures.ts";

/** Where figures come from. */
export interface AlertSource {
  /** Reads the present figures. If it rejects, or takes too long, the figures are missing. */
  read(): Promise<AlertFigures> | AlertFigures;
  /** Calls `onChange` when a server, the quorum or a held lock has changed. Returns a function that ends it. */
  listen?(onChange: () => void): () => void;
}
