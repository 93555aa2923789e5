import { checkChoice, checkOptions } from "@pellucid/core-train";
import { assignAttributes, type Attributes, weightOf } from "./attributes.ts";
import { NetworkError } from "./network-error.ts";
import { checkNode, isName, type NodeName } from "./node-name.ts";

/** A node, or a node with its attributes. */
export type NodeEntry = NodeName | readonly [node: NodeName, attributes: Readonly<Attributes>];

/** An edge, or an edge with its attributes. */
export type EdgeEntry =
  | readonly [source: NodeName, target: NodeName]
  | readonly [source: NodeName, target: NodeName, attributes: Readonly<Attributes>];

/** Options for {@link Network}. */
export interface NetworkOptions {
  /** Whether edges have a direction: networkx's `DiGraph` rather than its `Graph`. Default: false. */
  readonly directed?: boolean;
}

/** Options for the degrees of a {@link Network}. */
export interface NetworkDegreeOptions {
  /** The attribute of edges that is added up; an edge without it counts 1. Default: every edge counts 1. */
  readonly weight?: string;
}

type Direction = "in" | "out" | "both";

/**
 * A container for building graphs node by node, with the vocabulary and the numbers of networkx: `DiGraph` if directed, else `Graph`.
 * Nodes and edges keep the order in which they were added; two nodes have at most one edge in each direction.
 *
 * A loop adds 2 to a degree (and twice its weight), one in and one out.
 *
 * ```ts
 * const network = new Network({ directed: true });
 * network.addEdgesFrom([["A", "B", { weight: 4.5 }], ["B", "C"]]);
 * network.inDegree("B"); // 1
 * ```
 *
 * Hagberg, Schult and Swart, 2008. https://networkx.org
 */
export class Network {
  readonly #directed: boolean;
  readonly #nodes = new Map<NodeName, Attributes>();
  readonly #after = new Map<NodeName, Map<NodeName, Attributes>>();
  readonly #before = new Map<NodeName, Map<NodeName, Attributes>>();

  constructor(options: NetworkOptions = {}) {
    checkOptions("Network", options, ["directed"]);
    const { directed = false } = options;
    checkChoice("Network", "directed", directed, [true, false]);
    this.#directed = directed;
  }

  /** Adds a node, or updates the attributes of one that exists. */
  addNode(node: NodeName, attributes: Readonly<Attributes> = {}): void {
    checkNode(node);
    if (!this.#nodes.has(node)) {
      this.#nodes.set(node, {});
      this.#after.set(node, new Map());
      this.#before.set(
        node,
        this.#directed ? new Map() : (this.#after.get(node) as Map<NodeName, Attributes>),
      );
    }
    Object.assign(this.#nodes.get(node) as Attributes, attributes);
  }

  /** Adds nodes; `attributes` are for all of them, those of an entry override them. */
  addNodesFrom(nodes: Iterable<NodeEntry>, attributes: Readonly<Attributes> = {}): void {
    const entries = Array.from(nodes, (entry) => (isName(entry) ? ([entry, {}] as const) : entry));
    for (const [node] of entries) checkNode(node);
    for (const [node, own] of entries) this.addNode(node, { ...attributes, ...own });
  }

  /** Adds an edge and the nodes that it needs, or updates the attributes of one that exists. */
  addEdge(source: NodeName, target: NodeName, attributes: Readonly<Attributes> = {}): void {
    checkNode(source);
    checkNode(target);
    this.addNode(source);
    this.addNode(target);
    const after = this.#after.get(source) as Map<NodeName, Attributes>;
    const edge = Object.assign(after.get(target) ?? {}, attributes);
    after.set(target, edge);
    (this.#before.get(target) as Map<NodeName, Attributes>).set(source, edge);
  }

  /** Adds edges; `attributes` are for all of them, those of an entry override them. */
  addEdgesFrom(edges: Iterable<EdgeEntry>, attributes: Readonly<Attributes> = {}): void {
    const entries = [...edges];
    for (const [source, target] of entries) {
      checkNode(source);
      checkNode(target);
    }
    for (const [source, target, own] of entries) this.addEdge(source, target, { ...attributes, ...own });
  }

  /** Adds edges with weights, under the name `weight`. */
  addWeightedEdgesFrom(edges: Iterable<readonly [NodeName, NodeName, number]>, weight = "weight"): void {
    this.addEdgesFrom(Array.from(edges, ([source, target, w]) => [source, target, { [weight]: w }] as const));
  }

  /** Removes a node and its edges. */
  removeNode(node: NodeName): void {
    for (const target of this.#neighbors(node, this.#after).keys()) this.#before.get(target)?.delete(node);
    for (const source of this.#neighbors(node, this.#before).keys()) this.#after.get(source)?.delete(node);
    for (const map of [this.#nodes, this.#after, this.#before]) map.delete(node);
  }

  removeEdge(source: NodeName, target: NodeName): void {
    this.edge(source, target);
    this.#after.get(source)?.delete(target);
    this.#before.get(target)?.delete(source);
  }

  hasNode(node: NodeName): boolean {
    return this.#nodes.has(node);
  }

  hasEdge(source: NodeName, target: NodeName): boolean {
    return this.#after.get(source)?.has(target) ?? false;
  }

  /** The nodes, in the order in which they were added. */
  nodes(): NodeName[] {
    return [...this.#nodes.keys()];
  }

  /** The attributes of a node, to read or to change. */
  node(node: NodeName): Attributes {
    const found = this.#nodes.get(node);
    if (found === undefined) throw this.#unknown(node);
    return found;
  }

  /** The edges, node by node; of an undirected network each once. */
  edges(): [source: NodeName, target: NodeName, attributes: Attributes][] {
    const seen = new Set<NodeName>();
    const found: [NodeName, NodeName, Attributes][] = [];
    for (const [source, targets] of this.#after) {
      for (const [target, attributes] of targets)
        if (this.#directed || !seen.has(target)) found.push([source, target, attributes]);
      seen.add(source);
    }
    return found;
  }

  /** The attributes of an edge, to read or to change. */
  edge(source: NodeName, target: NodeName): Attributes {
    const found = this.#neighbors(source, this.#after).get(target);
    if (found === undefined)
      throw new NetworkError(`Network: there is no edge from ${String(source)} to ${String(target)}.`);
    return found;
  }

  numberOfNodes(): number {
    return this.#nodes.size;
  }

  numberOfEdges(): number {
    return this.edges().length;
  }

  /** The number of edges, or the sum of their weights. */
  size({ weight }: NetworkDegreeOptions = {}): number {
    return this.edges().reduce((sum, [, , edge]) => sum + weightOf(edge, weight), 0);
  }

  isDirected(): boolean {
    return this.#directed;
  }

  /**
   * Whether every edge has a weight, and there is an edge. The attribute is `weight` unless another name is given: a network with
   * `edge_weights` is not weighted.
   */
  isWeighted(weight = "weight"): boolean {
    const edges = this.edges();
    return edges.length > 0 && edges.every(([, , edge]) => weight in edge);
  }

  /** The nodes that a node has an edge to. */
  neighbors(node: NodeName): NodeName[] {
    return [...this.#neighbors(node, this.#after).keys()];
  }

  /** The nodes that a node has an edge to. */
  successors(node: NodeName): NodeName[] {
    return this.neighbors(node);
  }

  /** The nodes that have an edge to a node. */
  predecessors(node: NodeName): NodeName[] {
    return [...this.#neighbors(node, this.#before).keys()];
  }

  /** The number of edges of a node, or of every node; with `weight`, the sum of their weights. */
  degree(node: NodeName, options?: NetworkDegreeOptions): number;
  degree(options?: NetworkDegreeOptions): Map<NodeName, number>;
  degree(
    node?: NodeName | NetworkDegreeOptions,
    options?: NetworkDegreeOptions,
  ): number | Map<NodeName, number> {
    return this.#degree("both", node, options);
  }

  /** The number of edges that end in a node, or in every node. Of an undirected network, the degree without a loop's second end. */
  inDegree(node: NodeName, options?: NetworkDegreeOptions): number;
  inDegree(options?: NetworkDegreeOptions): Map<NodeName, number>;
  inDegree(
    node?: NodeName | NetworkDegreeOptions,
    options?: NetworkDegreeOptions,
  ): number | Map<NodeName, number> {
    return this.#degree("in", node, options);
  }

  /** The number of edges that start in a node, or in every node. */
  outDegree(node: NodeName, options?: NetworkDegreeOptions): number;
  outDegree(options?: NetworkDegreeOptions): Map<NodeName, number>;
  outDegree(
    node?: NodeName | NetworkDegreeOptions,
    options?: NetworkDegreeOptions,
  ): number | Map<NodeName, number> {
    return this.#degree("out", node, options);
  }

  /** Sets an attribute of nodes, from a map by node; nodes that do not exist are skipped. Without a name, values are records of attributes. */
  setNodeAttributes(values: Iterable<readonly [NodeName, unknown]>, name?: string): void {
    for (const [node, value] of values) {
      const found = this.#nodes.get(node);
      if (found !== undefined) assignAttributes(found, value, name);
    }
  }

  /** An attribute of all nodes that have it. */
  getNodeAttributes(name: string): Map<NodeName, unknown> {
    const having = [...this.#nodes].filter(([, attributes]) => name in attributes);
    return new Map(having.map(([node, attributes]) => [node, attributes[name]]));
  }

  /** Sets an attribute of edges; edges that do not exist are skipped. Without a name, values are records of attributes. */
  setEdgeAttributes(values: Iterable<readonly [NodeName, NodeName, unknown]>, name?: string): void {
    for (const [source, target, value] of values)
      if (this.hasEdge(source, target)) assignAttributes(this.edge(source, target), value, name);
  }

  /** An attribute of all edges that have it. */
  getEdgeAttributes(name: string): [source: NodeName, target: NodeName, value: unknown][] {
    return this.edges()
      .filter(([, , edge]) => name in edge)
      .map(([source, target, edge]) => [source, target, edge[name]]);
  }

  #degree(
    direction: Direction,
    node: NodeName | NetworkDegreeOptions | undefined,
    options: NetworkDegreeOptions = {},
  ): number | Map<NodeName, number> {
    if (isName(node)) return this.#degreeOf(node, direction, options);
    return new Map(this.nodes().map((each) => [each, this.#degreeOf(each, direction, node ?? {})]));
  }

  #degreeOf(node: NodeName, direction: Direction, { weight }: NetworkDegreeOptions): number {
    const total = (edges: ReadonlyMap<NodeName, Attributes>) =>
      [...edges.values()].reduce((sum, edge) => sum + weightOf(edge, weight), 0);
    const after = this.#neighbors(node, this.#after);
    const before = this.#neighbors(node, this.#before);
    if (direction === "out") return total(after);
    if (direction === "in") return total(before);
    if (this.#directed) return total(after) + total(before);
    const loop = after.get(node);
    return total(after) + (loop === undefined ? 0 : weightOf(loop, weight));
  }

  #neighbors(
    node: NodeName,
    of: ReadonlyMap<NodeName, Map<NodeName, Attributes>>,
  ): ReadonlyMap<NodeName, Attributes> {
    const found = of.get(node);
    if (found === undefined) throw this.#unknown(node);
    return found;
  }

  #unknown(node: NodeName): NetworkError {
    const other = typeof node === "string" ? Number(node) : String(node);
    const advice = this.#nodes.has(other) ? ` There is the ${typeof other} ${other}.` : "";
    return new NetworkError(`Network: there is no node ${JSON.stringify(node)}.${advice}`);
  }
}
