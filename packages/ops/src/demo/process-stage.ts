import { type RedisServer, startRedisServers } from "quorumlock/testing";
import { SERVERS } from "./options.ts";
import type { Counter, Crew, Server, Stage } from "./stage.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Servers and workers that are processes, on this machine. */
export async function processStage(signal: AbortSignal): Promise<Stage> {
  const servers = await startRedisServers(SERVERS, { signal });
  const ports = servers.map(({ port }) => port);
  return {
    servers: servers.map((server) => new ServerProcess(server)),
    words: { pause: "SIGSTOP", killServer: "SIGKILL", killWorker: "SIGKILL" },
    hire: (workers, locked, counter) => hire(workers, locked ? ports : [], counter),
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
    // That it does not end is told again, and loudly, when the servers are stopped.
    this.#server.kill().catch(() => undefined);
  }
}

function hire(count: number, ports: readonly number[], counter: Counter): Crew {
  const workers = Array.from({ length: count }, (_, index) => new WorkerProcess(index, { ports }, counter));
  return {
    workers,
    ready: async () => {
      const failing = Promise.race(workers.map((worker) => worker.finished));
      await Promise.race([Promise.all(workers.map((worker) => worker.ready)), failing]);
    },
    kill: (worker) => workers[worker]?.kill(),
    sell: async () => {
      for (const worker of workers) worker.start();
      await Promise.all(workers.map((worker) => worker.finished));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
