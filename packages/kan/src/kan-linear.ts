import {
  type Buffer,
  checkFinite,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  matMul,
  Module,
  type Parameter,
  type Rng,
  stateBuffer,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  mul,
  type Rank,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { adaptiveKnots } from "./adaptive-knots.ts";
import { type BaseFunction, baseFunction } from "./base-function.ts";
import { assignSplines, readColumns, readSplines, refit } from "./fit-layer.ts";
import { checkGridOptions, type GridOptions } from "./grid-options.ts";
import { uniformKnots } from "./uniform-knots.ts";
import { randomSplines, splineSum } from "./splines.ts";

/** Options for {@link KANLinear}. */
export interface KANLinearOptions extends GridOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The number of intervals of the grid. Default: 5. */
  readonly gridSize?: number;
  /** Scales the `a` of the Kaiming initialization of `baseWeight`, `√5`. Default: 1. */
  readonly scaleBase?: number;
  /** Scales the `a` of `splineScaler`; without that, the first `splineWeight`. Default: 1. */
  readonly scaleSpline?: number;
  /** Whether each edge has a factor for its spline. Default: true. */
  readonly enableStandaloneScaleSpline?: boolean;
  /** What an edge adds to its spline. Default: `"silu"`. */
  readonly baseFun?: BaseFunction;
}

/**
 * A layer of splines on edges as two matrix products, over the last axis:
 *
 *     y = b(x) baseWeight + B(x) (splineScaler · splineWeight)
 *
 * Liu et al., 2024. https://arxiv.org/abs/2404.19756
 *
 * Names, layouts and initial weights are those of efficient-kan's `KANLinear`; its `spline_order` is `k` here. There `update_grid` multiplies the fitted
 * coefficients by `spline_scaler` a second time, so that the function changes; here it stays.
 */
export class KANLinear extends Module implements Layer<Tensor, Tensor>, HasTorchLayout {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly gridSize: number;
  readonly k: number;
  readonly gridEps: number;
  readonly form: "full" | "local";
  readonly baseFun: BaseFunction;
  /** `[in, out]` */
  readonly baseWeight: Parameter<Rank.R2>;
  /** `[in, function, out]` */
  readonly splineWeight: Parameter<Rank.R3>;
  /** `[in, out]` */
  readonly splineScaler: Parameter<Rank.R2> | null;
  /** `[in, knot]` */
  readonly grid: Buffer<Rank.R2>;

  constructor(inFeatures: number, outFeatures: number, options: KANLinearOptions) {
    super();
    checkRng("KANLinear", options);
    checkOptions("KANLinear", options, [
      "rng",
      "gridSize",
      "k",
      "noiseScale",
      "scaleBase",
      "scaleSpline",
      "enableStandaloneScaleSpline",
      "baseFun",
      "gridEps",
      "gridRange",
      "form",
    ]);
    const { rng, gridSize = 5, k = 3, noiseScale = 0.1, gridEps = 0.02, gridRange = [-1, 1] } = options;
    const { scaleBase = 1, scaleSpline = 1, enableStandaloneScaleSpline: hasScaler = true } = options;
    const { baseFun = "silu", form = "full" } = options;
    checkSizes("KANLinear", { inFeatures, outFeatures, gridSize });
    checkGridOptions("KANLinear", { k, noiseScale, gridEps, gridRange, form });
    checkFinite("KANLinear", { scaleBase, scaleSpline });
    baseFunction("KANLinear", baseFun);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.gridSize = gridSize;
    this.k = k;
    this.gridEps = gridEps;
    this.form = form;
    this.baseFun = baseFun;
    const knots = uniformKnots(gridRange[0], gridRange[1], gridSize, k);
    const repeated = Float32Array.from(
      { length: inFeatures * knots.length },
      (_, i) => knots[i % knots.length] ?? NaN,
    );
    const kaiming = (scale: number) => init.kaimingUniform({ a: Math.sqrt(5) * scale });
    const noise = noiseScale * (hasScaler ? 1 : scaleSpline);
    this.baseWeight = initialized([outFeatures, inFeatures], kaiming(scaleBase), rng, [1, 0]);
    this.splineWeight = initialized(
      [outFeatures, inFeatures, gridSize + k],
      randomSplines(knots, k, noise, inFeatures, outFeatures, "output, feature, function"),
      rng,
      [1, 2, 0],
    );
    this.splineScaler = hasScaler
      ? initialized([outFeatures, inFeatures], kaiming(scaleSpline), rng, [1, 0])
      : null;
    this.grid = stateBuffer({ data: repeated, shape: [inFeatures, knots.length] });
  }

  get torchLayout(): TorchLayout {
    return {
      baseWeight: { axes: [1, 0] },
      splineWeight: { axes: [1, 2, 0] },
      splineScaler: { axes: [1, 0] },
    };
  }

  /**
   * @param x `[..., in]`
   * @returns `[..., out]`
   */
  forward<X extends Tensor>(x: X): X {
    const { inFeatures, outFeatures, baseWeight, splineWeight, splineScaler, grid, k, form } = this;
    checkShape(`KANLinear(${inFeatures}, ${outFeatures})`, "x", x, ["...", inFeatures]);
    return tidy(() => {
      const rows = reshape<Rank.R2>(x, [x.size / inFeatures, inFeatures]);
      const coef: Tensor3D =
        splineScaler === null ? splineWeight : mul(splineWeight, expandDims(splineScaler, 1));
      const base = matMul(baseFunction("KANLinear", this.baseFun)(rows), baseWeight); // [row, out]
      const sum = add(base, splineSum(rows, grid, coef, k, form));
      return reshape(sum, [...x.shape.slice(0, -1), outFeatures]) as Tensor as X;
    });
  }

  /**
   * Moves the knots to where the samples are, see {@link adaptiveKnots}, and fits the splines anew, so that at the samples the layer computes nearly the same.
   *
   * @param x `[batch, in]`
   * @param margin how far the grid reaches beyond the samples. Default: 0.01.
   * @throws {DataError} If there are no samples, or one is not finite; nothing has changed then.
   */
  async updateGrid(x: Tensor2D, margin = 0.01): Promise<void> {
    const { inFeatures, outFeatures, grid, splineWeight, k, gridSize, gridEps } = this;
    checkShape(`KANLinear(${inFeatures}, ${outFeatures})`, "x", x, ["batch", inFeatures]);
    const samples = await readColumns("KANLinear.updateGrid", x);
    const splines = await readSplines(grid, splineWeight, k);
    const knots = samples.map((column) => adaptiveKnots(column, gridSize, k, { gridEps, margin }));
    assignSplines(grid, splineWeight, refit(splines, knots, samples));
  }
}
