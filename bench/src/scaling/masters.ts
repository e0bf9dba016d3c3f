import { Cluster, Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { type RedisServer, startRedisCluster, startRedisServers } from "quorumlock/testing";

/** A set of three members, each of one kind: a server, or a cluster with so many masters. */
export interface MemberSet extends AsyncDisposable {
  readonly title: string;
  readonly redlock: Redlock;
  /** The CPU time of each server process, in ms, by member. */
  readonly cpuMs: () => Promise<readonly (readonly number[])[]>;
}

const MEMBERS = 3;

/** @param masters 0 for a plain server. */
export async function openMembers(masters: number): Promise<MemberSet> {
  const members = await Promise.all(Array.from({ length: MEMBERS }, () => openMember(masters)));
  const redlock = new Redlock(
    members.map(({ client }) => client),
    { restartGuard: false, prefix: "bench:" },
  );
  const admins = members.map(({ nodes }) => nodes.map(({ port }) => new Redis(port)));
  return {
    title:
      masters === 0 ? "a server" : masters === 1 ? "a cluster, 1 master" : `a cluster, ${masters} masters`,
    redlock,
    cpuMs: () => Promise.all(admins.map((each) => Promise.all(each.map(cpuMsOf)))),
    async [Symbol.asyncDispose]() {
      await redlock.close();
      for (const { client } of members) client.disconnect();
      for (const admin of admins.flat()) admin.disconnect();
      await Promise.all(members.map(({ stop }) => stop()));
    },
  };
}

interface Member {
  readonly client: Redis | Cluster;
  readonly nodes: readonly RedisServer[];
  readonly stop: () => Promise<void>;
}

async function openMember(masters: number): Promise<Member> {
  if (masters === 0) {
    const servers = await startRedisServers(1);
    return { client: new Redis(servers[0]!.port), nodes: servers, stop: () => servers.stop() };
  }
  const cluster = await startRedisCluster({ masters });
  const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
  return { client, nodes: cluster.nodes, stop: () => cluster.stop() };
}

/** Of the main thread, which runs all commands. */
async function cpuMsOf(admin: Redis): Promise<number> {
  const info = await admin.info("cpu");
  const seconds = ["used_cpu_sys_main_thread", "used_cpu_user_main_thread"].map((name) =>
    Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)?.[1]),
  );
  return (seconds[0]! + seconds[1]!) * 1_000;
}
