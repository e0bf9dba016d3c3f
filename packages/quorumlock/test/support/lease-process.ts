import { CoordinationV1Api, KubeConfig } from "@kubernetes/client-node";
import { leaseLock } from "../../src/kubernetes/index.ts";

// A process that acquires a Lease, reports its fence, and holds the lock until it is killed.
//   lease-process.ts <configuration of the client> <namespace> <name> <ttl>

const [configuration = "", namespace = "", name = "", ttl = ""] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromString(configuration);
const lockable = leaseLock(
  config.makeApiClient(CoordinationV1Api),
  { namespace, name },
  { ttl: Number(ttl) },
);
const lock = await lockable.acquire();
process.send?.({ fence: lock.fence, token: lock.token });
