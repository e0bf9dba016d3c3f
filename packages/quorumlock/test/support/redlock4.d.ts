// The package has no types. These are the members that the tests use.
declare module "redlock4" {
  interface Lock4 {
    readonly value: string;
    unlock(): Promise<void>;
  }
  export default class Redlock4 {
    constructor(
      clients: readonly unknown[],
      options: { retryCount: number; retryDelay?: number; retryJitter?: number },
    );
    lock(resource: string, ttl: number): Promise<Lock4>;
  }
}
