import type { Reply } from "../../operations/request.ts";
import { MovableInstance } from "../../instances/movable.ts";
import type { ConnectionListener, Instance, Subscription } from "../../instances/port.ts";

/** A member that keeps its identity wherever its server runs. Before its server is found, it is at no address. */
export class DiscoveredInstance extends MovableInstance {
  /** Whether a client uses it. That client closes it. */
  isTaken = false;

  /** @param label the name of the member in errors and events. */
  constructor(label: string) {
    const nowhere = new Nowhere(label);
    super({ source: nowhere, open: () => nowhere });
  }

  override observe(listener: ConnectionListener): () => void {
    this.isTaken = true;
    return super.observe(listener);
  }
}

/** The place of a member without an endpoint. */
class Nowhere implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly isAvailable = false;
  readonly advice: string;

  constructor(label: string) {
    this.label = label;
    this.advice = `no endpoint of a Service is ${label}; see whether its pod runs`;
  }

  run(): Promise<readonly Reply[]> {
    return Promise.reject(new Error(this.advice));
  }

  async readSetting(): Promise<undefined> {
    return undefined;
  }

  observe(): () => void {
    return () => undefined;
  }

  openSubscription(): Subscription {
    return {
      subscribe: () => Promise.reject(new Error(this.advice)),
      unsubscribe: () => undefined,
      close: () => undefined,
    };
  }

  async close(): Promise<void> {
    // There is no connection.
  }
}
