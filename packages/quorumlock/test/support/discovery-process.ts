// A process that finds its servers, takes a lock and closes. It must end then by itself. argv: the URL of the API server, the namespace.
import { CoreV1Api, DiscoveryV1Api, KubeConfig, Watch } from "@kubernetes/client-node";
import { Redlock } from "../../src/index.ts";
import { discoverInstances } from "../../src/kubernetes/index.ts";
import { FRESH } from "./fresh.ts";
import { TOKEN } from "./kubernetes-api/token.ts";

const [server = "", namespace = ""] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromClusterAndUser({ name: "test", server, skipTLSVerify: true }, { name: "test", token: TOKEN });
const clients = {
  core: config.makeApiClient(CoreV1Api),
  discovery: config.makeApiClient(DiscoveryV1Api),
  watch: new Watch(config),
};
const connect = ({ port }: { readonly port: number }): string => `redis://127.0.0.1:${port}`;
const discovery = await discoverInstances(clients, { namespace, selector: "app=redis", connect });
const redlock = new Redlock(discovery.instances, FRESH);
discovery.follow(redlock);
await redlock.using("process", () => undefined);
await redlock.close();
await discovery.close();
