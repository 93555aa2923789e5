import {
  type Buffer,
  checkFinite,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  Embedding,
  init,
  initialize,
  type Initializer,
  type Layer,
  Linear,
  Module,
  norm,
  OptionError,
  type Rng,
  stateBuffer,
} from "@pellucid/core-train";
import {
  add,
  div,
  gather,
  mul,
  type Rank,
  sub,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Aggregation } from "../aggr/aggregation.ts";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import { redrawWithoutBias } from "../conv/cf-conv.ts";
import { radiusGraph } from "../convert/radius-graph.ts";
import { checkEdges } from "../graph/check-graph.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import { batchOfNodes, graphCount } from "../pool/graph-pools.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { groupsOf } from "../propagate/groups.ts";
import { column, segmentSum } from "../propagate/segment.ts";
import { GaussianSmearing } from "./gaussian-smearing.ts";
import { InteractionBlock } from "./interaction-block.ts";
import { ShiftedSoftplus } from "./shifted-softplus.ts";

const ELEMENTS = 100;

/** Options for {@link SchNet}. */
export interface SchNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Atoms farther apart do not interact. Default: 10. */
  readonly cutoff?: number;
  /** How many neighbors an atom has at most, the nearest ones. Default: 32. */
  readonly maxNumNeighbors?: number;
  /** How the numbers of the atoms become one of the molecule. Default: `"add"`. */
  readonly readout?: AggregationName;
  /** The masses of the elements by their number, from 0: the result is then the length of the dipole. Default: none. */
  readonly dipole?: readonly number[];
  /** With `std`: the number of each atom is multiplied by `std`, and `mean` is added. Default: none. */
  readonly mean?: number;
  /** See `mean`. */
  readonly std?: number;
  /** What an atom of each of 100 elements has by itself, from 0: it is added, and trained. Default: none. */
  readonly atomref?: readonly number[];
}

/** Molecules, or other points of several kinds. */
export interface Molecules {
  /** The element of each atom, 1 to 99, and 0 for padding: int32 `[atom]`. */
  readonly z: Tensor1D;
  /** `[atom, 3]` */
  readonly pos: Tensor2D;
  /** The molecule of each atom, int32 `[atom]`. Default: one molecule. */
  readonly batch?: Tensor1D | undefined;
  /** How many molecules there are. Default: one more than the last of `batch`. */
  readonly numGraphs?: number | undefined;
  /** Which atoms interact, int32 `[2, edge]`. Default: those of {@link radiusGraph}, for which `pos` is read on the host. */
  readonly edgeIndex?: Tensor2D | undefined;
}

/**
 * A network of atoms: what it gives depends on their distances alone, so that turning or moving a molecule changes nothing, and is smooth in the positions, so that minus their gradient are forces.
 *
 * Each block adds to an atom what its neighbors send through filters made of the distance, {@link CFConv}.
 *
 * Schütt et al., 2017. https://arxiv.org/abs/1706.08566 PyG's `SchNet`, with its names; the masses for the dipole are given, where PyG takes those of `ase`.
 */
export class SchNet extends Module implements Layer<Molecules, Tensor2D> {
  readonly cutoff: number;
  readonly maxNumNeighbors: number;
  readonly mean: number | null;
  readonly std: number | null;
  /** `[element]` */
  readonly atomicMass: Buffer<Rank.R1> | null;
  /** `[100, 1]` */
  readonly initialAtomref: Buffer<Rank.R2> | null;
  readonly readout: Aggregation;
  readonly embedding: Embedding;
  readonly distanceExpansion: GaussianSmearing;
  readonly interactions: readonly InteractionBlock[];
  readonly lin1: Linear;
  readonly act: ShiftedSoftplus = new ShiftedSoftplus();
  readonly lin2: Linear;
  readonly atomref: Embedding | null;

  constructor(
    hiddenChannels: number,
    numFilters: number,
    numInteractions: number,
    numGaussians: number,
    options: SchNetOptions,
  ) {
    super();
    checkRng("SchNet", options);
    checkOptions("SchNet", options, [
      "rng",
      "cutoff",
      "maxNumNeighbors",
      "readout",
      "dipole",
      "mean",
      "std",
      "atomref",
    ]);
    const { rng, cutoff = 10, maxNumNeighbors = 32, readout = "add", dipole, mean, std, atomref } = options;
    checkSizes("SchNet", { numFilters, numInteractions, maxNumNeighbors });
    checkSizes("SchNet", { hiddenChannels, numGaussians }, 2);
    checkPositive("SchNet", { cutoff });
    checkFinite("SchNet", { mean: mean ?? 0, std: std ?? 1 });
    checkNumbers("dipole", dipole, ELEMENTS);
    checkNumbers("atomref", atomref, ELEMENTS, ELEMENTS);
    this.cutoff = cutoff;
    this.maxNumNeighbors = maxNumNeighbors;
    this.mean = mean ?? null;
    this.std = std ?? null;
    this.readout = aggregationOf("SchNet", dipole === undefined ? readout : "sum");
    this.atomicMass =
      dipole === undefined ? null : stateBuffer({ data: Float32Array.from(dipole), shape: [dipole.length] });
    const alone = atomref === undefined ? null : Float32Array.from(atomref);
    this.initialAtomref = alone === null ? null : stateBuffer({ data: alone, shape: [ELEMENTS, 1] });
    this.embedding = new Embedding(ELEMENTS, hiddenChannels, { rng, paddingIdx: 0 });
    this.distanceExpansion = new GaussianSmearing(0, cutoff, numGaussians);
    this.interactions = Array.from(
      { length: numInteractions },
      () => new InteractionBlock(hiddenChannels, numGaussians, numFilters, cutoff, rng),
    );
    this.lin1 = new Linear(hiddenChannels, Math.floor(hiddenChannels / 2), { rng });
    this.lin2 = new Linear(Math.floor(hiddenChannels / 2), 1, { rng });
    this.atomref = alone === null ? null : new Embedding(ELEMENTS, 1, { rng, init: drawnBut(alone) });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    initialize(this.embedding, "weight", firstRowZero, rng);
    for (const block of this.interactions) block.resetParameters(rng);
    redrawWithoutBias(this.lin1, rng);
    redrawWithoutBias(this.lin2, rng);
    const { atomref, initialAtomref } = this;
    if (atomref !== null && initialAtomref !== null) atomref.weight.assign(initialAtomref);
  }

  /**
   * @returns `[molecule, 1]`
   * @throws {IndexError} For an element of 100 or more.
   */
  forward(molecules: Molecules): Tensor2D {
    const { z, pos, batch } = molecules;
    checkShape("SchNet", "pos", pos, ["atom", 3]);
    checkShape("SchNet", "z", z, [pos.shape[0]]);
    const atoms = pos.shape[0];
    const size = graphCount("SchNet", { ...molecules, x: pos });
    return tidy(() => {
      const groups = groupsOf("SchNet", batchOfNodes({ x: pos, batch }), atoms, size);
      const { cutoff: r, maxNumNeighbors } = this;
      const edgeIndex = molecules.edgeIndex ?? radiusGraph(pos, r, { batch, maxNumNeighbors });
      const edges = checkEdges("SchNet", { edgeIndex }, atoms);
      const apart = sub(gatherRows(pos, edges.source), gatherRows(pos, edges.target)); // [edge, 3]
      const edgeWeight = norm(apart, 2, 1) as Tensor1D; // [edge]
      const edgeAttr = this.distanceExpansion.forward(edgeWeight); // [edge, gaussian]
      let h = this.embedding.forward(z); // [atom, hidden]
      for (const block of this.interactions)
        h = add(h, block.forward({ x: h, edgeIndex, edgeWeight, edgeAttr }));
      const own = this.lin2.forward(this.act.forward(this.lin1.forward(h))); // [atom, 1]
      return this.atomicMass === null
        ? (this.readout.reduce(this.#scaled(own, z), groups, size) as Tensor2D)
        : this.#dipole(own, z, pos, groups, size, this.atomicMass);
    });
  }

  #scaled(own: Tensor2D, z: Tensor1D): Tensor2D {
    const { mean, std, atomref } = this;
    const scaled: Tensor2D = mean === null || std === null ? own : add(mul(own, std), mean);
    return atomref === null ? scaled : add(scaled, atomref.forward(z));
  }

  /** The length of the sum of charges times their distances from the center of mass: `[molecule, 1]`. */
  #dipole(
    charges: Tensor2D,
    z: Tensor1D,
    pos: Tensor2D,
    groups: EdgeList,
    size: number,
    masses: Tensor1D,
  ): Tensor2D {
    const mass = column(gather(masses, z)); // [atom, 1]
    const center: Tensor2D = div(
      segmentSum(mul<Tensor2D>(mass, pos), groups, size),
      segmentSum(mass, groups, size),
    ); // [molecule, 3]
    const arms = sub(pos, gatherRows(center, groups.target)); // [atom, 3]
    return norm(segmentSum(mul<Tensor2D>(charges, arms), groups, size), 2, 1, true) as Tensor2D;
  }
}

function checkNumbers(
  name: string,
  numbers: readonly number[] | undefined,
  least: number,
  most = Infinity,
): void {
  if (numbers === undefined) return;
  const isFit =
    Array.isArray(numbers) &&
    numbers.length >= least &&
    numbers.length <= most &&
    numbers.every((value) => Number.isFinite(value));
  if (isFit) return;
  const found = Array.isArray(numbers) ? `an array of ${numbers.length}` : typeof numbers;
  const wanted = most === least ? String(least) : `${least} or more`;
  throw new OptionError("SchNet", name, found, `${wanted} finite numbers, one for each element from 0`);
}

/** Standard normal, but zeros for the element 0. */
const firstRowZero: Initializer = (shape, rng) => {
  const drawn = init.normal()(shape, rng);
  drawn.data.fill(0, 0, shape[1] ?? 0);
  return drawn;
};

/** Draws as a table does, and takes other numbers. */
const drawnBut =
  (data: Float32Array): Initializer =>
  (shape, rng) => {
    init.normal()(shape, rng);
    return { data: data.slice(), shape: [...shape] };
  };
