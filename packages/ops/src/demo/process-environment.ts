import { type RedisServer, startRedisServers } from "quorumlock/testing";
import type { Environment, Server, Store, Workers } from "./environment.ts";
import { SERVERS } from "./options.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Runs servers and workers as processes on this machine. */
export async function createProcessEnvironment(signal: AbortSignal): Promise<Environment> {
  const servers = await startRedisServers(SERVERS, { signal });
  const ports = servers.map(({ port }) => port);
  return {
    servers: servers.map((server) => new ServerProcess(server)),
    methods: { pauseServer: "SIGSTOP", killServer: "SIGKILL", killWorker: "SIGKILL" },
    startWorkers: (count, isLocked, store) => startWorkers(count, isLocked ? ports : [], store),
    [Symbol.asyncDispose]: () => servers.stop(),
  };
}

class ServerProcess implements Server {
  readonly name: string;
  readonly pid: number;
  readonly #server: RedisServer;
  state: Server["state"] = "up";

  constructor(server: RedisServer) {
    this.#server = server;
    this.name = `127.0.0.1:${server.port}`;
    this.pid = server.pid;
  }

  pause(): void {
    this.state = "paused";
    this.#server.pause();
  }

  kill(): void {
    this.state = "killed";
    // `servers.stop()` reports a server that does not end, so this error can be ignored.
    this.#server.kill().catch(() => undefined);
  }
}

function startWorkers(count: number, ports: readonly number[], store: Store): Workers {
  const all = Array.from({ length: count }, (_, index) => new WorkerProcess(index, { ports }, store));
  return {
    all,
    ready: async () => {
      const failure = Promise.race(all.map((worker) => worker.finished));
      await Promise.race([Promise.all(all.map((worker) => worker.ready)), failure]);
    },
    kill: (worker) => all[worker]?.kill(),
    sell: async () => {
      for (const worker of all) worker.start();
      await Promise.all(all.map((worker) => worker.finished));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((worker) => worker.stop()));
    },
  };
}
