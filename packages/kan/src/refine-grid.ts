import { checkArguments, checkSizes } from "@pellucid/core-train";
import { assignSplines, readSplines, refit } from "./fit-layer.ts";
import type { KAN } from "./kan.ts";
import { uniformKnots } from "./uniform-knots.ts";
import { subset } from "./subset.ts";

/**
 * A network with finer grids that computes the same curves: on each edge, the spline on `grid` even intervals that is nearest to the old one at 200 even samples between its ends, in the
 * least-squares sense. Where the new knots contain the old ones, with a multiple of the old intervals, the curve is the same; otherwise it is the nearest.
 *
 * That is so between the ends of the grid. Beyond them the spline of each edge falls to 0 within `k` intervals, which are shorter then: curves change there. Train on data within the grid, or
 * let `updateGrid` widen it first.
 *
 * Liu et al., 2024, section 2.4. pykan fits at samples of the data instead, which leaves intervals without samples undetermined, and gives NaN where a solver
 * meets equal samples; and its grid ends one knot beyond the old one.
 *
 * @param grid the number of intervals
 * @returns a new network, the caller's; `model` has not changed
 */
export async function refineGrid(model: KAN, grid: number): Promise<KAN> {
  checkArguments("refineGrid", { "{ actFun, symbolicFun }": { model } });
  checkSizes("refineGrid", { grid });
  const all = model.actFun.map(({ inDim }) => [...new Array(inDim).keys()]);
  const [sums = 0, products = 0] = model.width.at(-1) ?? [];
  const fine = subset(model, [...all, [...new Array(sums + products).keys()]], { grid });
  try {
    for (const [l, layer] of model.actFun.entries()) {
      const { k } = layer;
      const splines = await readSplines(layer.grid, layer.coef, k);
      const ends = splines.grid.map((knots): [number, number] => {
        const [low, high] = [knots[k] ?? NaN, knots[knots.length - 1 - k] ?? NaN];
        return low < high
          ? [low, high]
          : [low - 1e-6 * Math.max(1, Math.abs(low)), low + 1e-6 * Math.max(1, Math.abs(low))];
      });
      const knots = ends.map(([low, high]) => uniformKnots(low, high, grid, k));
      const count = Math.max(200, 4 * grid);
      const samples = ends.map(([low, high]) =>
        Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1)),
      );
      const to = fine.layerAt(l).layer;
      assignSplines(to.grid, to.coef, refit(splines, knots, samples));
    }
    return fine;
  } catch (error) {
    fine.dispose();
    throw error;
  }
}
