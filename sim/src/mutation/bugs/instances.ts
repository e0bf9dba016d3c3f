import type { Bug } from "../bug.ts";

/** Bugs in what the library makes of the clients of ioredis and node-redis. */
export const instancesBugs: readonly Bug[] = [
  {
    name: "a closed Redlock leaves a listener on a client of ioredis",
    file: "instances/ioredis.ts",
    find: '      this.#client.off("close", onClose);\n',
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-closing.test.ts" },
  },
  {
    name: "a Redlock that closes removes listeners of another one on the same client of node-redis",
    file: "instances/node-redis.ts",
    find: "      client.off(closed, onClosed);",
    replace:
      "      (client as unknown as { removeAllListeners(event: string): void }).removeAllListeners(closed);",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-closing.test.ts" },
  },
  {
    name: "a client of node-redis keeps an acquire during an outage and sends it later",
    file: "instances/node-redis.ts",
    find: "(this.#client.isOpen && !this.#hasConnected)",
    replace: "this.#client.isOpen",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-breaks.test.ts" },
  },
  {
    name: "a client of ioredis keeps an acquire after its first connection was refused",
    file: "instances/ioredis.ts",
    find: "    const onClose = (): void => {\n      this.#hasConnected = true;\n",
    replace: "    const onClose = (): void => {\n",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-breaks.test.ts" },
  },
  {
    name: "a client of node-redis counts as connected before its handshake has ended",
    file: "instances/node-redis.ts",
    find: ': ["ready", "end"]',
    replace: ': ["connect", "end"]',
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-identification.test.ts" },
  },
  {
    name: "a channel that ends during a break is subscribed again by ioredis",
    file: "instances/ioredis.ts",
    find: "autoResubscribe: false,",
    replace: "autoResubscribe: true,",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-subscriptions.test.ts" },
  },
  {
    name: "a channel that ends while its subscription waits for the connection stays subscribed",
    file: "instances/ioredis.ts",
    find: "    if (!this.#channels.has(channel)) this.#end(channel);\n",
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-subscriptions.test.ts" },
  },
  {
    name: "a channel whose end was lost with the connection is subscribed again by node-redis",
    file: "instances/node-redis.ts",
    find: "      if (!this.#lastCalls.has(channel)) this.#failedEnds.add(channel);\n",
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-subscriptions.test.ts" },
  },
  {
    name: "a subscription that the server refused after a break is never requested again",
    file: "waiting/wake-ups.ts",
    find: "      channel.requestedMask &= ~bit;\n      channel.everConfirmedMask &= ~bit;\n    }\n    return channels;",
    replace: "      channel.everConfirmedMask &= ~bit;\n    }\n    return channels;",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-subscriptions.test.ts" },
  },
  {
    name: "a subscription that closes while node-redis opens a socket leaves its connection open",
    file: "instances/node-redis-closing.ts",
    find: "    if (isClosed) destroy();\n",
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-subscriptions.test.ts" },
  },
  {
    name: "a client of node-redis that was destroyed and connected again gets no script texts",
    file: "instances/node-redis.ts",
    find: "      this.#runner.reset();\n",
    replace: "",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-identification.test.ts" },
  },
  {
    name: "a subscription in flight is lost with its connection, because ioredis does not send it again",
    file: "instances/ioredis.ts",
    find: "      autoResubscribe: false,\n",
    replace: "      autoResubscribe: false,\n      autoResendUnfulfilledCommands: false,\n",
    caughtBy: { tests: "packages/quorumlock/test/instances/scripted-subscriptions.test.ts" },
  },
];
