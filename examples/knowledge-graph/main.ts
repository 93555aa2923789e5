// What a knowledge graph leaves out: DistMult on embeddings, or on what a relational graph network makes of them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  disposeLeaves,
  Dropout,
  init,
  initialized,
  matMul,
  Module,
  Optimizer,
  type Parameter,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { RGCNConv } from "@pellucid/gnn";
import {
  add,
  gather,
  mul,
  type Rank,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";

/** Head, relation, tail. */
export type Triple = readonly [head: string, relation: string, tail: string];

/** Triples as numbers, in both directions: the inverse of relation `r` is `r` plus their number. */
interface Links {
  readonly heads: Int32Array;
  readonly relations: Int32Array;
  readonly tails: Int32Array;
}

/** Scores every entity as the tail: `(h · r) · e`, where `·` is by element. */
export class Net extends Module {
  /** `[entity, feature]` */
  readonly entities: Parameter<Rank.R2>;
  /** `[relation, feature]` */
  readonly relations: Parameter<Rank.R2>;
  readonly conv: RGCNConv | null;
  readonly dropout: Dropout;

  constructor(
    entities: number,
    relations: number,
    {
      rng,
      isRelational,
      width = 64,
    }: { readonly rng: Rng; readonly isRelational: boolean; readonly width?: number },
  ) {
    super();
    this.entities = initialized([entities, width], init.xavierNormal(), rng);
    this.relations = initialized([relations, width], init.xavierNormal(), rng);
    this.conv = isRelational ? new RGCNConv(width, width, relations, { rng, numBases: 8 }) : null;
    this.dropout = new Dropout(0.3, { rng });
  }

  /** @returns `[link, entity]` */
  forward({ graph, heads, relations }: { graph: Edges } & Pick<Links, "heads" | "relations">): Tensor2D {
    return tidy(() => {
      const x = this.#encoded(graph); // [entity, feature]
      const query = mul(
        gather(x, tensor1d(heads, "int32")),
        gather(this.relations, tensor1d(relations, "int32")),
      );
      return matMul(this.dropout.forward(query) as Tensor2D, x, false, true); // [link, entity]
    });
  }

  #encoded(edges: Edges): Tensor2D {
    if (this.conv === null) return this.entities;
    return add(this.entities, relu(this.conv.forward({ x: this.entities, ...edges })));
  }
}

/** The edges of a relational graph network. */
interface Edges {
  readonly edgeIndex: Tensor2D;
  readonly edgeType: Tensor1D;
}

/** What to train on. */
export interface KnowledgeOptions {
  readonly train: readonly Triple[];
  readonly test: readonly Triple[];
  /** What is true, too, and so does not count as wrong. */
  readonly known?: readonly Triple[];
  readonly model?: "distmult" | "rgcn";
  readonly epochs?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Trains, and gives the filtered mean reciprocal rank of the test triples in both directions. */
export async function main({
  train,
  test,
  known = [],
  model: kind = "rgcn",
  epochs = kind === "rgcn" ? 60 : 40,
  seed = 0,
  log = () => {},
}: KnowledgeOptions): Promise<number> {
  const all = [...train, ...known, ...test];
  const entities = numbered(all.flatMap(([head, , tail]) => [head, tail]));
  const names = numbered(all.map(([, relation]) => relation));
  const links = (triples: readonly Triple[]): Links => {
    const forth = triples.map(
      ([h, r, t]) => [entities.get(h), names.get(r), entities.get(t)] as [number, number, number],
    );
    const both = [...forth, ...forth.map(([h, r, t]) => [t, r + names.size, h] as [number, number, number])];
    return {
      heads: Int32Array.from(both, ([h]) => h),
      relations: Int32Array.from(both, ([, r]) => r),
      tails: Int32Array.from(both, ([, , t]) => t),
    };
  };
  const facts = links(train);
  const graph: Edges = {
    edgeIndex: tensor2d([...facts.heads, ...facts.tails], [2, facts.heads.length], "int32"),
    edgeType: tensor1d(facts.relations, "int32"),
  };
  const rng = new Rng(seed);
  const model = new Net(entities.size, 2 * names.size, { rng, isRelational: kind === "rgcn" });
  const [size, learningRate] = kind === "rgcn" ? [2048, 0.005] : [512, 0.01];
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = rng.randperm(facts.heads.length);
    let loss = 0;
    for (let from = 0; from < order.length; from += size) {
      const rows = order.subarray(from, from + size);
      const pick = (values: Int32Array) => rows.map((row) => values[row] as number);
      loss = await trainStep(model, optimizer, () =>
        crossEntropy(
          model.forward({ graph, heads: pick(facts.heads), relations: pick(facts.relations) }),
          tensor1d(pick(facts.tails), "int32"),
          { labelSmoothing: 0.1 },
        ),
      );
    }
    if (epoch % 20 === 0) log(`epoch ${epoch}: loss ${loss.toFixed(3)}`);
  }
  const rank = meanReciprocalRank(model, graph, links(test), links(all));
  disposeLeaves(graph);
  optimizer.dispose();
  model.dispose();
  return rank;
}

/** The mean of one over the rank of the right tail among all that are not known to be right; ties count half. */
function meanReciprocalRank(model: Net, graph: Edges, test: Links, all: Links): number {
  const right = new Map<string, number[]>();
  for (const [i, head] of all.heads.entries()) {
    const query = `${head} ${all.relations[i]}`;
    right.set(query, [...(right.get(query) ?? []), all.tails[i] as number]);
  }
  const scores = model.forward({ graph, ...test });
  const [count, entities] = scores.shape;
  const values = scores.dataSync<"float32">();
  disposeLeaves([scores]);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = values.slice(i * entities, (i + 1) * entities);
    const own = row[test.tails[i] as number] as number;
    for (const tail of right.get(`${test.heads[i]} ${test.relations[i]}`) ?? []) row[tail] = -Infinity;
    sum +=
      1 / (1 + row.filter((score) => score > own).length + row.filter((score) => score === own).length / 2);
  }
  return sum / count;
}

function numbered(names: readonly string[]): Map<string, number> {
  return new Map([...new Set(names)].toSorted().map((name, i) => [name, i]));
}

/** Five generations of a family, in which each has two children: who is whose parent, grandparent, sibling. Every eighth triple is held out. */
export function family(): { readonly train: Triple[]; readonly test: Triple[] } {
  const triples: Triple[] = [];
  for (let person = 2; person < 64; person++) {
    triples.push(
      [`p${person}`, "child of", `p${person >> 1}`],
      [`p${person}`, "sibling of", `p${person ^ 1}`],
    );
    if (person >= 4) triples.push([`p${person}`, "grandchild of", `p${person >> 2}`]);
  }
  return {
    train: triples.filter((_, i) => i % 8 !== 5),
    test: triples.filter((_, i) => i % 8 === 5),
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      model: { type: "string", default: "rgcn" },
      seed: { type: "string", default: "0" },
    },
  });
  await useBackend({ only: "wasm" });
  const read = async (name: string): Promise<Triple[]> => {
    const file = join(process.env["PELLUCID_DATA"] ?? ".", "kg", values.data as string, `${name}.txt`);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    return lines.map((line): Triple => {
      const [head = "", relation = "", tail = ""] = line.split("\t");
      return [head, relation, tail];
    });
  };
  const data =
    values.data === undefined
      ? family()
      : { train: await read("train"), known: await read("valid"), test: await read("test") };
  const rank = await main({
    ...data,
    model: values.model as "distmult" | "rgcn",
    seed: Number(values.seed),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(
    `${values.data ?? "a family"}, ${values.model}: filtered mean reciprocal rank ${rank.toFixed(3)}\n`,
  );
}
