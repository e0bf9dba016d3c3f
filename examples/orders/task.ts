/** What a process of the shop shall do. */
export interface Task {
  readonly providerUrl: string;
  /** How long one request to the provider may take, in ms. */
  readonly limitMs: number;
  /** Determines the content of the orders. */
  readonly seed: number;
  /** The number of its first order. */
  readonly first: number;
  /** How many customers it serves at a time. */
  readonly customers: number;
  /** Whether it works like the anti-pattern. */
  readonly isCareless: boolean;
}

/** What the double of the provider shall do. */
export interface ProviderTask {
  /** How long a payment usually takes, in ms. */
  readonly promptMs: number;
  /** How late late answers are, in ms. More than the time limit of the shop. */
  readonly lateMs: number;
}
