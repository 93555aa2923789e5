import { checkChoice, checkOptions } from "@pellucid/core-train";
import { edgeIndexOfHost, type GraphData } from "./graph-data.ts";

/** Options for {@link zachary}. */
export interface ZacharyOptions {
  /**
   * `"clubs"`: the two clubs that the club divided into, as networkx has them, with the two leaders to train on. `"communities"`: four communities found by modularity, as
   * PyG has them, with one node of each. Default: `"clubs"`.
   */
  readonly labels?: "clubs" | "communities";
}

/** The neighbors of each node that come after it. */
const friends =
  "1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31;2 3 7 13 17 19 21 30;3 7 8 9 13 27 28 32;7 12 13;6 10;6 10 16;16;;30 32 33;33;;;;33;32 33;32 33;;;32 33;33;32 33;;32 33;25 27 29 32 33;25 27 31;31;29 33;33;31 33;32 33;32 33;32 33;33;";
const clubs = "0000000001000011001010111111111111";
const communities = "1111333101311100310101002200200200";
const COUNT = 34;

/**
 * The friendships of the 34 members of a karate club, both directions of each: 156 edges. Node features are the identity matrix. Node 0 is the instructor, node
 * 33 the president.
 *
 * Zachary, 1977. https://doi.org/10.1086/jar.33.4.3629752
 */
export function zachary(
  options: ZacharyOptions = {},
): Required<Pick<GraphData, "x" | "edgeIndex" | "y" | "trainMask">> {
  checkOptions("zachary", options, ["labels"]);
  const { labels = "clubs" } = options;
  checkChoice("zachary", "labels", labels, ["clubs", "communities"]);
  const after = friends.split(";").map((list) => list.split(" ").filter(Boolean).map(Number));
  const around = Array.from({ length: COUNT }, (_, v) => [
    ...after.flatMap((others, u) => (others.includes(v) ? [u] : [])),
    ...(after[v] ?? []),
  ]);
  const sources = Int32Array.from(around.flatMap((others, v) => others.map(() => v)));
  const targets = Int32Array.from(around.flat());
  const classes = Int32Array.from(labels === "clubs" ? clubs : communities, Number);
  const train = labels === "clubs" ? [0, 33] : [0, 4, 8, 24];
  return {
    x: {
      data: Float32Array.from({ length: COUNT * COUNT }, (_, i) => Number(i % (COUNT + 1) === 0)),
      shape: [COUNT, COUNT],
    },
    edgeIndex: edgeIndexOfHost(sources, targets),
    y: { data: classes, shape: [COUNT] },
    trainMask: {
      data: Uint8Array.from({ length: COUNT }, (_, v) => Number(train.includes(v))),
      shape: [COUNT],
    },
  };
}
