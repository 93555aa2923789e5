import { Rng } from "@pellucid/core-train";
import { ordinaryKriging, variogram, type VariogramForm } from "@pellucid/gp";
import { curves, heatmap, scatter } from "@pellucid/interpret/draw";

export interface Options {
  readonly form: VariogramForm;
  readonly range: number;
  readonly nugget: number;
  readonly sites: number;
  readonly seed: number;
}

export const options: Options = { form: "spherical", range: 2, nugget: 0.02, sites: 25, seed: 0 };

const cells = 24;
const height = (x: number, y: number) => Math.sin(1.7 * x) + 0.5 * Math.cos(2.3 * y + x);

export async function program({ form, range, nugget, sites, seed }: Options) {
  const { data } = new Rng(seed).uniform([sites, 2], 0, 4);
  const x = Array.from({ length: sites }, (_, i) => [data[2 * i] as number, data[2 * i + 1] as number]);
  const z = x.map(([a = 0, b = 0]) => height(a, b));
  const gamma = variogram({ form, nugget, sill: 0.6, range });
  const grid = Array.from({ length: cells * cells }, (_, i) => [
    ((i % cells) + 0.5) * (4 / cells),
    4 - (Math.floor(i / cells) + 0.5) * (4 / cells),
  ]);
  const estimates = ordinaryKriging(x, z, gamma)(grid);
  const gaps = estimates.map(({ estimate }, i) => estimate - height(grid[i]?.[0] ?? 0, grid[i]?.[1] ?? 0));
  const rmse = Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length);
  const deviations = estimates.map(({ variance }) => Math.sqrt(variance));
  const within = gaps.filter((gap, i) => Math.abs(gap) <= 2 * (deviations[i] ?? 0)).length / gaps.length;
  const distances = Array.from({ length: 60 }, (_, i) => (4 * i) / 59);
  const map = (values: readonly number[]) => ({ data: values, shape: [cells, cells] });
  const pictures = [
    heatmap(map(estimates.map(({ estimate }) => estimate)), { title: "Estimate", signed: true }),
    heatmap(map(deviations), { title: "How unsure", signed: false }),
    scatter(
      { data: x.flat(), shape: [sites, 2] },
      {
        title: "Measurements",
        amounts: z,
        amountLabel: "height",
        range: [
          [0, 4],
          [0, 4],
        ],
      },
    ),
    curves(
      { variogram: distances.map(gamma) },
      { title: "Variogram", x: distances, xLabel: "distance", yLabel: "γ" },
    ),
  ];
  return Promise.resolve({ pictures, rmse, within });
}
