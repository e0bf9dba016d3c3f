/** The shortest token of the monitor, in characters. */
export const MIN_TOKEN_LENGTH = 16;
export const TOKEN_NAME = /^[\x21-\x7e]{1,64}$/;
/** A prefix of names of metrics that Prometheus takes. */
export const METRIC_PREFIX = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** The largest number of classes that a monitor can be told to keep. */
export const MAX_CLASSES = 10_000;
