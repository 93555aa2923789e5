import {
  type Buffer,
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type HasTorchLayout,
  initialized,
  type Layer,
  matMul,
  Module,
  type Parameter,
  type Rng,
  stateBuffer,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, expandDims, mul, type Rank, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { adaptiveKnots } from "./adaptive-knots.ts";
import { type BaseFunction, baseFunction } from "./base-function.ts";
import { assignSplines, readColumns, readSplines, refit } from "./fit-layer.ts";
import { checkGridOptions, type GridOptions } from "./grid-options.ts";
import { uniformKnots } from "./uniform-knots.ts";
import { sparseMask } from "./sparse-mask.ts";
import { randomSplines, splinePerEdge, splineSum } from "./splines.ts";

/** Options for {@link KANLayer}. */
export interface KANLayerOptions extends GridOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The number of intervals of the grid. Default: 5. */
  readonly num?: number;
  /** The mean of the first `scaleBase`, times `√inDim`. Default: 0. */
  readonly scaleBaseMu?: number;
  /** Half the range of the first `scaleBase`, times `√inDim`. Default: 1. */
  readonly scaleBaseSigma?: number;
  /** The first `scaleSp`, times `√inDim`. Default: 1. */
  readonly scaleSp?: number;
  /** What an edge adds to its spline. Default: `"silu"`. */
  readonly baseFun?: BaseFunction;
  /** Whether `scaleSp` is trained. Default: true. */
  readonly spTrainable?: boolean;
  /** Whether `scaleBase` is trained. Default: true. */
  readonly sbTrainable?: boolean;
  /** Whether only the nearest nodes are connected at the start. Default: false. */
  readonly sparseInit?: boolean;
}

/**
 * A layer of a Kolmogorov-Arnold network: a learned function of one number on every edge, and sums at the nodes:
 *
 *     y[o] = Σ over i of mask[i, o] · (scaleBase[i, o] · b(x[i]) + scaleSp[i, o] · Σ over f of coef[i, o, f] · B[f](x[i]))
 *
 * with a B-spline basis `B` on the knots of each input, see {@link splineBasis}. Beyond the knots only `b` is left.
 *
 * Liu et al., 2024. KAN: Kolmogorov-Arnold networks. https://arxiv.org/abs/2404.19756, equation 2.10
 *
 * Names, layouts and initial weights are those of pykan's `KANLayer`.
 */
export class KANLayer extends Module implements Layer<Tensor2D, Tensor2D>, HasTorchLayout {
  readonly inDim: number;
  readonly outDim: number;
  readonly num: number;
  readonly k: number;
  readonly gridEps: number;
  readonly form: "full" | "local";
  readonly baseFun: BaseFunction;
  /** `[in, knot]` */
  readonly grid: Buffer<Rank.R2>;
  /** `[in, function, out]` */
  readonly coef: Parameter<Rank.R3>;
  /** `[in, out]`; 0 removes an edge */
  readonly mask: Buffer<Rank.R2>;
  /** `[in, out]` */
  readonly scaleBase: Parameter<Rank.R2>;
  /** `[in, out]` */
  readonly scaleSp: Parameter<Rank.R2>;

  constructor(inDim: number, outDim: number, options: KANLayerOptions) {
    super();
    checkRng("KANLayer", options);
    checkOptions("KANLayer", options, [
      "rng",
      "num",
      "k",
      "noiseScale",
      "scaleBaseMu",
      "scaleBaseSigma",
      "scaleSp",
      "baseFun",
      "gridEps",
      "gridRange",
      "spTrainable",
      "sbTrainable",
      "sparseInit",
      "form",
    ]);
    const { rng, num = 5, k = 3, noiseScale = 0.5, gridEps = 0.02, gridRange = [-1, 1] } = options;
    const { scaleBaseMu = 0, scaleBaseSigma = 1, scaleSp = 1, baseFun = "silu", form = "full" } = options;
    checkSizes("KANLayer", { inDim, outDim, num });
    checkGridOptions("KANLayer", { k, noiseScale, gridEps, gridRange, form });
    checkFinite("KANLayer", { scaleBaseMu, scaleBaseSigma, scaleSp });
    baseFunction("KANLayer", baseFun);
    this.inDim = inDim;
    this.outDim = outDim;
    this.num = num;
    this.k = k;
    this.gridEps = gridEps;
    this.form = form;
    this.baseFun = baseFun;
    const knots = uniformKnots(gridRange[0], gridRange[1], num, k);
    const mask = options.sparseInit === true ? sparseMask(inDim, outDim) : null;
    const repeated = Float32Array.from(
      { length: inDim * knots.length },
      (_, i) => knots[i % knots.length] ?? NaN,
    );
    this.grid = stateBuffer({ data: repeated, shape: [inDim, knots.length] });
    this.coef = initialized(
      [inDim, outDim, num + k],
      randomSplines(knots, k, noiseScale, inDim, outDim, "feature, output, function"),
      rng,
      [0, 2, 1],
    );
    const width = 1 / Math.sqrt(inDim);
    this.mask = stateBuffer({
      data: mask ?? new Float32Array(inDim * outDim).fill(1),
      shape: [inDim, outDim],
    });
    this.scaleBase = initialized(
      [inDim, outDim],
      (shape, generator) => {
        const { data } = generator.rand(shape);
        return { data: data.map((u) => scaleBaseMu * width + scaleBaseSigma * (u * 2 - 1) * width), shape };
      },
      rng,
    );
    this.scaleSp = initialized([inDim, outDim], (shape) => ({
      data: Float32Array.from({ length: inDim * outDim }, (_, i) => (mask?.[i] ?? 1) * scaleSp * width),
      shape,
    }));
    this.scaleSp.trainable = options.spTrainable ?? true;
    this.scaleBase.trainable = options.sbTrainable ?? true;
  }

  get torchLayout(): TorchLayout {
    return { coef: { axes: [0, 2, 1] } };
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Tensor2D): Tensor2D {
    this.#check(x);
    const { grid, k, form, mask, scaleBase } = this;
    return tidy(() => {
      const base = matMul(baseFunction("KANLayer", this.baseFun)(x), mul<Tensor2D>(scaleBase, mask)); // [batch, out]
      return add(base, splineSum(x, grid, this.#scaled(), k, form));
    });
  }

  /**
   * What each edge adds to its node: {@link forward} before the sum.
   *
   * @param x `[batch, in]`
   * @returns `[batch, in, out]`
   */
  edges(x: Tensor2D): Tensor3D {
    this.#check(x);
    const { grid, k, mask, scaleBase } = this;
    return tidy(() => {
      const base = mul(
        expandDims(baseFunction("KANLayer", this.baseFun)(x), 2),
        mul<Tensor2D>(scaleBase, mask),
      );
      return add(base, splinePerEdge(x, grid, this.#scaled(), k)); // [batch, in, out]
    });
  }

  /**
   * Moves the knots to where the samples are, {@link adaptiveKnots} with pykan's quantiles, and fits the splines anew, so that at the samples the
   * layer computes nearly the same.
   *
   * @param x `[batch, in]`
   * @throws {DataError} If there are no samples, or one is not finite; nothing has changed then.
   */
  async updateGrid(x: Tensor2D): Promise<void> {
    this.#check(x);
    const { grid, coef, k, num, gridEps } = this;
    const samples = await readColumns("KANLayer.updateGrid", x);
    const splines = await readSplines(grid, coef, k);
    const knots = samples.map((column) =>
      adaptiveKnots(column, num, k, { gridEps, margin: 0, quantiles: "pykan" }),
    );
    assignSplines(grid, coef, refit(splines, knots, samples));
  }

  /** `[in, function, out]` */
  #scaled(): Tensor3D {
    return mul(this.coef, expandDims(mul<Tensor2D>(this.scaleSp, this.mask), 1));
  }

  #check(x: Tensor2D): void {
    checkShape(`KANLayer(${this.inDim}, ${this.outDim})`, "x", x, ["batch", this.inDim]);
  }
}
