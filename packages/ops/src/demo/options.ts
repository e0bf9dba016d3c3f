export interface DemoOptions {
  /** How many items there are to sell. */
  readonly items: number;
  /** How many workers sell them. */
  readonly workers: number;
  /** Without servers and processes, even where they can be had. */
  readonly memory: boolean;
}

/** Fewer items would be sold before all faults have struck; a single worker would leave nobody once it is killed. */
export const LIMITS = {
  items: { least: 20, most: 100_000, usual: 1_000 },
  workers: { least: 2, most: 32, usual: 8 },
} as const;

/** A majority of five is three: two servers may fail. */
export const SERVERS = 5;

/** What the workers lock. */
export const RESOURCE = "shop:stock";

/** What a killed worker costs everybody: nobody else can end its lock before this is over. In ms. */
export const TTL_MS = 1_500;

/** How long one server may take to answer. In ms. */
export const REQUEST_TIMEOUT_MS = 100;

/** How long a worker thinks between reading the stock and writing it. In ms. */
export const THINK_MS = 1;

/** How long a worker is busy with its customer between two sales, without the lock: anything up to this. In ms. */
export const LONGEST_SERVICE_MS = 20;
