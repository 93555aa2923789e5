import {
  checkChoice,
  checkFinite,
  checkNotNegative,
  checkProbabilities,
  checkSizes,
  OptionError,
} from "@pellucid/core-train";

/** Options of the splines on edges. */
export interface GridOptions {
  /** The degree of the polynomials. Default: 3. */
  readonly k?: number;
  /** The size of the random curves at the start. Default: 0.5. */
  readonly noiseScale?: number;
  /** 1 for even grids, 0 for quantiles, when a grid is adapted. Default: 0.02. */
  readonly gridEps?: number;
  /** The ends of the first grid. Default: −1 to 1. */
  readonly gridRange?: readonly [low: number, high: number];
  /**
   * How splines are computed. `"full"` computes all functions of the basis, `"local"` only the `k + 1` that are not 0, which is less work on large grids. Both give the same.
   * Default: `"full"`.
   */
  readonly form?: "full" | "local";
}

/** Checks the values of {@link GridOptions}, all given. */
export function checkGridOptions(caller: string, options: Required<GridOptions>): void {
  const { k, noiseScale, gridEps, gridRange, form } = options;
  checkSizes(caller, { k }, 0);
  checkNotNegative(caller, { noiseScale });
  checkProbabilities(caller, { gridEps });
  checkChoice(caller, "form", form, ["full", "local"]);
  if (!Array.isArray(gridRange) || gridRange.length !== 2)
    throw new OptionError(caller, "gridRange", String(gridRange), "two numbers, [low, high]");
  const [low, high] = gridRange as [number, number];
  checkFinite(caller, { "gridRange[0]": low, "gridRange[1]": high });
  if (!(low < high)) throw new OptionError(caller, "gridRange", `[${low}, ${high}]`, "low below high");
}
