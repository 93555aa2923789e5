import { checkArguments, checkOptions, type HostTensor, OptionError, Rng } from "@pellucid/core-train";
import { type NeighborLists, neighborLists } from "../convert/neighbor-lists.ts";
import { edgeIndexOfHost, takeRows } from "../data/graph-data.ts";
import { hostEdgesOfRelation, type HeteroData } from "../hetero/hetero-data.ts";
import { relationParts } from "../hetero/relation-name.ts";
import type { GraphSampler } from "./graph-sampler.ts";
import { vector } from "./neighbor-sampler.ts";
import { checkFanOut, checkNode, choices } from "./sample-neighbors.ts";

/** Options for {@link heteroNeighborSampler}. */
export interface HeteroNeighborSamplerOptions {
  /** The type of the seeds. */
  readonly type: string;
  /** The nodes of that type that are seeds. Default: all. */
  readonly nodes?: ArrayLike<number>;
  /** Whether a neighbor can be drawn more than once. Default: false. */
  readonly replace?: boolean;
}

/** A sampled typed graph: its tensors in batches are those of a {@link HeteroGraph}. */
export interface SampledHeteroGraph {
  readonly x: Readonly<
    Record<string, HostTensor<Float32Array> & { readonly shape: readonly [number, number] }>
  >;
  readonly edgeIndex: Readonly<
    Record<string, HostTensor<Int32Array> & { readonly shape: readonly [number, number] }>
  >;
  /** By type, the node of the whole graph that each node is. */
  readonly nodes: Readonly<Record<string, HostTensor<Int32Array> & { readonly shape: readonly [number] }>>;
  /** The row of each seed among the nodes of its type. */
  readonly seeds: HostTensor<Int32Array> & { readonly shape: readonly [number] };
}

/**
 * A dataset of seeds of one type; a batch is the typed graph of their sampled neighbors. In each hop every relation gives each node that was new in the hop before at most as many neighbors as
 * `fanOut` says: PyG's `NeighborLoader` for `HeteroData`.
 *
 * @param fanOut for all relations, or for each; −1 takes all
 */
export function heteroNeighborSampler(
  graph: HeteroData,
  fanOut: readonly number[] | Readonly<Record<string, readonly number[]>>,
  options: HeteroNeighborSamplerOptions,
): GraphSampler<SampledHeteroGraph> {
  checkArguments("heteroNeighborSampler", { "{ x, edgeIndex }": { graph } });
  checkOptions("heteroNeighborSampler", options, ["type", "nodes", "replace"]);
  const { type, replace = false } = options;
  const count = graph.x[type]?.shape[0];
  if (count === undefined)
    throw new OptionError("heteroNeighborSampler", "type", type, `one of ${Object.keys(graph.x).join(", ")}`);
  const relations = Object.keys(graph.edgeIndex).map((name) => {
    const [source, , target] = relationParts("heteroNeighborSampler", name);
    const counts = isList(fanOut) ? fanOut : fanOut[name];
    if (counts === undefined)
      throw new OptionError(
        "heteroNeighborSampler",
        "fanOut",
        Object.keys(fanOut).join(", "),
        `counts for ${name} too`,
      );
    checkFanOut("heteroNeighborSampler", counts);
    const lists = neighborLists(hostEdgesOfRelation("heteroNeighborSampler", graph, name));
    return { name, source, target, lists, counts };
  });
  const hops = Math.max(0, ...relations.map(({ counts }) => counts.length));
  const seeds =
    options.nodes === undefined
      ? Int32Array.from({ length: count }, (_, v) => v)
      : Int32Array.from(options.nodes);
  for (const node of seeds) checkNode("heteroNeighborSampler", node, count);
  const gather = (indices: Int32Array, rng: Rng = new Rng(0)): SampledHeteroGraph => {
    const found = new Map(Object.keys(graph.x).map((each) => [each, new Found()]));
    const of = (each: string) => found.get(each) as Found;
    const rows = indices.map((i) => of(type).numberOf(seeds[i] as number));
    const edges = new Map(
      relations.map(({ name }) => [
        name,
        { sources: [] as number[], targets: [] as number[], ids: [] as number[] },
      ]),
    );
    let begin = new Map([...found.keys()].map((each) => [each, 0]));
    for (let hop = 0; hop < hops; hop++) {
      const end = new Map([...found].map(([each, { nodes }]) => [each, nodes.length]));
      for (const { name, source, target, lists, counts } of relations)
        for (let row = begin.get(target) as number; row < (end.get(target) as number); row++)
          for (const at of drawn(lists, of(target).nodes[row] as number, counts[hop] ?? 0, replace, rng)) {
            const list = edges.get(name) as { sources: number[]; targets: number[]; ids: number[] };
            list.sources.push(of(source).numberOf(lists.neighbors[at] as number));
            list.targets.push(row);
            list.ids.push(lists.edges[at] as number);
          }
      begin = end;
    }
    const ofEdges = (field: "edgeWeight" | "edgeAttr") =>
      graph[field] === undefined
        ? {}
        : {
            [field]: Object.fromEntries(
              Object.entries(graph[field]).map(([name, values]) => [
                name,
                takeRows(values, Int32Array.from(edges.get(name)?.ids ?? [])),
              ]),
            ),
          };
    const byType = <T>(make: (nodes: Int32Array, each: string) => T) =>
      Object.fromEntries([...found].map(([each, { nodes }]) => [each, make(Int32Array.from(nodes), each)]));
    return {
      x: byType((nodes, each) =>
        takeRows(graph.x[each] as HostTensor<Float32Array>, nodes),
      ) as unknown as SampledHeteroGraph["x"],
      ...(graph.y === undefined
        ? {}
        : {
            y: Object.fromEntries(
              Object.entries(graph.y).map(([each, values]) => [
                each,
                takeRows(values, Int32Array.from(of(each).nodes)),
              ]),
            ),
          }),
      edgeIndex: Object.fromEntries(
        [...edges].map(([name, { sources, targets }]) => [
          name,
          edgeIndexOfHost(Int32Array.from(sources), Int32Array.from(targets)),
        ]),
      ) as unknown as SampledHeteroGraph["edgeIndex"],
      ...ofEdges("edgeWeight"),
      ...ofEdges("edgeAttr"),
      nodes: byType((nodes) => vector(nodes)),
      seeds: vector(rows),
    };
  };
  return {
    length: seeds.length,
    gather: gather as GraphSampler<SampledHeteroGraph>["gather"],
    get: (index, rng) => gather(Int32Array.of(index), rng),
  };
}

/** Nodes in the order in which they are found. */
class Found {
  readonly nodes: number[] = [];
  readonly #numbers = new Map<number, number>();

  numberOf(node: number): number {
    const known = this.#numbers.get(node);
    if (known !== undefined) return known;
    this.#numbers.set(node, this.nodes.length);
    return this.nodes.push(node) - 1;
  }
}

function drawn({ ptr }: NeighborLists, node: number, count: number, replace: boolean, rng: Rng): number[] {
  const first = ptr[node] as number;
  const degree = (ptr[node + 1] as number) - first;
  return count === 0 ? [] : Array.from(choices(degree, count, replace, rng), (at) => first + at);
}

function isList(
  fanOut: readonly number[] | Readonly<Record<string, readonly number[]>>,
): fanOut is readonly number[] {
  return Array.isArray(fanOut);
}
