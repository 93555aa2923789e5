import {
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type HasTorchLayout,
  IndexError,
  initialized,
  type Layer,
  Module,
  OptionError,
  type Parameter,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  type Rank,
  slice,
  stridedSlice,
  sum,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { KANLayer, type KANLayerOptions } from "./kan-layer.ts";
import { type Affine, assignEdge, checkEdge, checkSymbolic, SymbolicKANLayer } from "./symbolic-kan-layer.ts";
import type { SymbolicName } from "./symbolic-functions.ts";

/** The nodes of each layer, the inputs first: a number of sums, or of sums and of products. */
export type KANWidth = readonly (number | readonly [sums: number, products: number])[];

/** Options for {@link KAN}. */
export interface KANOptions extends Omit<KANLayerOptions, "num"> {
  /** The number of intervals of the grids. Default: 3. */
  readonly grid?: number;
  /** How many sums a product multiplies. Default: 2. */
  readonly multArity?: number;
  /** Whether the scales and biases of nodes are trained. Default: false. */
  readonly affineTrainable?: boolean;
}

/**
 * A Kolmogorov-Arnold network: a learned function of one number on every edge, and sums, or products of sums, at the nodes.
 *
 * ```ts
 * const model = new KAN([2, 5, 1], { rng: new Rng(0), grid: 5 });
 * ```
 *
 * Liu et al., 2024. KAN: Kolmogorov-Arnold networks. https://arxiv.org/abs/2404.19756. Products: Liu et al., 2024. KAN 2.0. https://arxiv.org/abs/2408.10205
 *
 * Names, layouts and initial weights are those of pykan's `MultKAN`. What pykan's model does with itself are functions here: {@link refineGrid},
 * {@link prune}, {@link suggestSymbolic}, {@link symbolicFormula}.
 */
export class KAN extends Module implements Layer<Tensor2D, Tensor2D>, HasTorchLayout {
  /** Sums and products of each layer. */
  readonly width: readonly (readonly [sums: number, products: number])[];
  readonly options: Omit<KANOptions, "rng">;
  readonly nodeBias: readonly Parameter<Rank.R1>[];
  readonly nodeScale: readonly Parameter<Rank.R1>[];
  readonly subnodeBias: readonly Parameter<Rank.R1>[];
  readonly subnodeScale: readonly Parameter<Rank.R1>[];
  readonly actFun: readonly KANLayer[];
  readonly symbolicFun: readonly SymbolicKANLayer[];

  constructor(width: KANWidth, options: KANOptions) {
    super();
    checkRng("KAN", options);
    checkOptions("KAN", options, [
      "rng",
      "grid",
      "k",
      "multArity",
      "noiseScale",
      "scaleBaseMu",
      "scaleBaseSigma",
      "scaleSp",
      "baseFun",
      "affineTrainable",
      "gridEps",
      "gridRange",
      "spTrainable",
      "sbTrainable",
      "sparseInit",
      "form",
    ]);
    const { rng, grid = 3, multArity = 2, affineTrainable = false, ...others } = options;
    const layer: KANLayerOptions = { noiseScale: 0.3, ...others, rng, num: grid };
    checkSizes("KAN", { grid });
    checkSizes("KAN", { multArity }, 2);
    checkFinite("KAN", { noiseScale: layer.noiseScale });
    this.width = checkWidth(width);
    this.options = { ...others, grid, multArity, affineTrainable };
    const made: Module[] = [];
    const keep = <M extends Module>(module: M): M => {
      made.push(module);
      return module;
    };
    try {
      this.actFun = this.#layers((inDim, outDim) => keep(new KANLayer(inDim, outDim, layer)));
      this.symbolicFun = this.#layers((inDim, outDim) => keep(new SymbolicKANLayer(inDim, outDim)));
    } catch (error) {
      for (const module of made) module.dispose();
      throw error;
    }
    const affine = (size: number, value: number): Parameter<Rank.R1> => {
      const vector = initialized<Rank.R1>([size], (shape) => ({
        data: new Float32Array(size).fill(value),
        shape,
      }));
      vector.trainable = affineTrainable;
      return vector;
    };
    const nodes = this.width.slice(1).map(([sums, products]) => sums + products);
    const subnodes = this.actFun.map(({ outDim }) => outDim);
    this.nodeBias = nodes.map((size) => affine(size, 0));
    this.nodeScale = nodes.map((size) => affine(size, 1));
    this.subnodeBias = subnodes.map((size) => affine(size, 0));
    this.subnodeScale = subnodes.map((size) => affine(size, 1));
  }

  get torchLayout(): TorchLayout {
    const names = ["node_bias", "node_scale", "subnode_bias", "subnode_scale"];
    const fields = ["nodeBias", "nodeScale", "subnodeBias", "subnodeScale"];
    return Object.fromEntries(
      this.actFun.flatMap((_, l) =>
        fields.map((field, i) => [`${field}.${l}`, { name: `${names[i]}_${l}` }]),
      ),
    );
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Tensor2D): Tensor2D {
    checkShape("KAN", "x", x, ["batch", this.actFun[0]?.inDim ?? 0]);
    return tidy(() =>
      this.actFun.reduce((h, layer, l) => {
        const splines = layer.forward(h);
        const symbolic = this.symbolicFun[l] as SymbolicKANLayer;
        const isLocked = symbolic.functions.flat().some((name) => name !== null);
        return this.nodes(l, isLocked ? add(splines, symbolic.forward(h)) : splines);
      }, x),
    );
  }

  /**
   * What every edge of a layer adds to its node.
   *
   * @param x the inputs of the layer, `[batch, in]`
   * @returns `[batch, in, out]`
   */
  edges(l: number, x: Tensor2D): Tensor3D {
    const { layer, symbolic } = this.layerAt(l);
    return tidy(() => add(layer.edges(x), symbolic.edges(x)));
  }

  /**
   * The outputs of a layer from the sums of its edges.
   *
   * @param sums `[batch, subnode]`
   * @returns `[batch, node]`
   */
  nodes(l: number, sums: Tensor2D): Tensor2D {
    this.layerAt(l);
    const [count = 0, products = 0] = this.width[l + 1] ?? [];
    const arity = this.options.multArity ?? 2;
    return tidy(() => {
      const subnodes = this.subnodes(l, sums);
      const scale = (x: Tensor2D): Tensor2D =>
        add(mul(x, this.nodeScale[l] as Parameter), this.nodeBias[l] as Parameter);
      if (products === 0) return scale(subnodes);
      const factors = Array.from({ length: arity }, (_, i) =>
        stridedSlice(subnodes, [0, count + i], [subnodes.shape[0], subnodes.shape[1]], [1, arity]),
      ); // [batch, product] each
      const product = factors.reduce((a, b) => mul(a, b)) as Tensor2D;
      return scale(concat([slice(subnodes, [0, 0], [-1, count]), product], 1));
    });
  }

  /** The sums of a layer's edges, scaled: `[batch, subnode]`. */
  subnodes(l: number, sums: Tensor2D): Tensor2D {
    return tidy(() => add(mul(sums, this.subnodeScale[l] as Parameter), this.subnodeBias[l] as Parameter));
  }

  /** The layer of splines and the layer of functions at an index. */
  layerAt(l: number): { layer: KANLayer; symbolic: SymbolicKANLayer } {
    const [layer, symbolic] = [this.actFun[l], this.symbolicFun[l]];
    if (layer === undefined || symbolic === undefined)
      throw new IndexError(`KAN: there is no layer ${l}, expected 0 to ${this.actFun.length - 1}.`);
    return { layer, symbolic };
  }

  /**
   * Locks the edge from `i` to `o` of layer `l` to a function, in place of its spline: `c · f(a · x + b) + d`. See {@link fitSymbolic} for the numbers.
   *
   * @throws {IndexError} If there is no such edge.
   * @throws {OptionError} If there is no such function.
   */
  fixSymbolic(l: number, i: number, o: number, name: SymbolicName, affine: Affine = [1, 0, 1, 0]): void {
    const { layer, symbolic } = this.layerAt(l);
    checkEdge("KAN.fixSymbolic", i, o, layer.inDim, layer.outDim);
    checkSymbolic("KAN.fixSymbolic", name);
    checkFinite("KAN.fixSymbolic", { a: affine[0], b: affine[1], c: affine[2], d: affine[3] });
    symbolic.lock(i, o, name, affine);
    assignEdge(layer.mask, [i, o], 0);
  }

  /** Gives an edge its spline back. */
  unfixSymbolic(l: number, i: number, o: number): void {
    const { layer, symbolic } = this.layerAt(l);
    symbolic.unlock(i, o);
    assignEdge(layer.mask, [i, o], 1);
  }

  /** Removes an edge: it has neither a spline nor a function. */
  removeEdge(l: number, i: number, o: number): void {
    const { layer, symbolic } = this.layerAt(l);
    symbolic.unlock(i, o);
    assignEdge(layer.mask, [i, o], 0);
  }

  /**
   * Adapts the grids of all layers to samples, see {@link KANLayer.updateGrid}; each layer to what the ones before it make of them.
   *
   * @param x `[batch, in]`
   * @throws {DataError} If there are no samples, or one is not finite.
   */
  async updateGrid(x: Tensor2D): Promise<void> {
    checkShape("KAN.updateGrid", "x", x, ["batch", this.actFun[0]?.inDim ?? 0]);
    let h = x;
    try {
      for (const [l, layer] of this.actFun.entries()) {
        await layer.updateGrid(h);
        const before = h;
        h = tidy(() => this.nodes(l, sum<Tensor2D>(this.edges(l, before), 1)));
        if (before !== x) before.dispose();
      }
    } finally {
      if (h !== x) h.dispose();
    }
  }

  #layers<M>(make: (inDim: number, outDim: number) => M): M[] {
    const arity = this.options.multArity ?? 2;
    return this.width.slice(1).map(([sums, products], l) => {
      const [before = 0, also = 0] = this.width[l] ?? [];
      return make(before + also, sums + arity * products);
    });
  }
}

function checkWidth(width: KANWidth): [sums: number, products: number][] {
  if (!Array.isArray(width) || width.length < 2)
    throw new OptionError(
      "KAN",
      "width",
      JSON.stringify(width) ?? "undefined",
      "two layers or more: [2, 5, 1]",
    );
  return (width as KANWidth).map((size, l) => {
    const [sums, products]: readonly [number, number] = Array.isArray(size)
      ? (size as [number, number])
      : [size as number, 0];
    checkSizes("KAN", { [`width[${l}][0]`]: sums, [`width[${l}][1]`]: products }, 0);
    checkSizes("KAN", { [`width[${l}]`]: sums + products });
    return [sums, products];
  });
}
