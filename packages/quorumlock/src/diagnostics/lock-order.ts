import type { CallSite } from "./call-site.ts";

/** An acquisition, or a lock that was held at that time. */
export interface Ordered {
  readonly names: readonly string[];
  /** The classes of the names. */
  readonly classes: readonly string[];
  readonly site: CallSite;
}

/** One node was held while another one was acquired. */
export interface OrderEdge {
  /** The name that was held. */
  readonly heldName: string;
  readonly heldSite: CallSite;
  /** The name that was acquired. */
  readonly name: string;
  readonly site: CallSite;
}

/** Maximum number of edges. The oldest one is forgotten. */
const MAX_EDGES = 1_000;
/** A lock on more names counts as one on the first of them. */
const MAX_NAMES = 10;

/**
 * Which locks were acquired while others were held. The nodes are classes of names, because `order:1` and `order:2` are locked by the
 * same code. Between two names of one class, the nodes are the names themselves.
 */
export class LockOrder {
  /** By held node, then by acquired node: the first acquisition that was seen. */
  readonly #edges = new Map<string, Map<string, OrderEdge>>();
  #size = 0;

  /**
   * Adds that `held` was held while the caller waited for `wanted`. Returns the edges of a circle that this closes, the new one first:
   * callers that wait for each other in such a circle never end.
   */
  add(held: Ordered, wanted: Ordered): readonly OrderEdge[] | undefined {
    let circle: readonly OrderEdge[] | undefined;
    for (const [from, heldName] of nodesOf(held)) {
      for (const [to, name] of nodesOf(wanted)) {
        const isSameClass = from === to;
        const [source, target] = isSameClass ? [`=${heldName}`, `=${name}`] : [from, to];
        if (source === target || this.#edges.get(source)?.has(target) === true) continue;
        const edge = { heldName, heldSite: held.site, name, site: wanted.site };
        const back = this.#path(target, source);
        this.#add(source, target, edge);
        if (back !== undefined) circle ??= [edge, ...back];
      }
    }
    return circle;
  }

  #add(source: string, target: string, edge: OrderEdge): void {
    let targets = this.#edges.get(source);
    if (targets === undefined) this.#edges.set(source, (targets = new Map()));
    targets.set(target, edge);
    this.#size += 1;
    if (this.#size <= MAX_EDGES) return;
    const [oldest, edges] = this.#edges.entries().next().value!;
    this.#edges.delete(oldest);
    this.#size -= edges.size;
  }

  /** The shortest way from one node to another. */
  #path(from: string, to: string): readonly OrderEdge[] | undefined {
    const ways = new Map<string, readonly OrderEdge[]>([[from, []]]);
    for (const [node, way] of ways) {
      if (node === to) return way;
      for (const [next, edge] of this.#edges.get(node) ?? [])
        if (!ways.has(next)) ways.set(next, [...way, edge]);
    }
    return undefined;
  }
}

/** The nodes of a lock, each with the name for messages. */
function nodesOf({ names, classes }: Ordered): readonly (readonly [node: string, name: string])[] {
  return names.slice(0, MAX_NAMES).map((name, index) => [classes[index]!, name]);
}
