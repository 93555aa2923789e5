// A map from 60 measurements of a hilly field: a variogram, ordinary kriging, and a Gaussian process; how wrong each is, and whether it knows.
import { Rng } from "@pellucid/core-train";
import {
  constant,
  empiricalVariogram,
  fitVariogram,
  GaussianProcessRegressor,
  ordinaryKriging,
  productOf,
  rbf,
  sumOf,
  white,
} from "@pellucid/gp";

/** The height of the field, at coordinates from 0 to 4. */
const height = ([x = 0, y = 0]: readonly number[]): number => Math.sin(1.7 * x) + 0.5 * Math.cos(2.3 * y + x);

/** Measures at random sites, maps 400 others, and returns the root mean squared errors and the share of 95 % intervals that contain the height. */
export function main({ sites = 60, noise = 0.1, seed = 0 } = {}) {
  const rng = new Rng(seed);
  const drawn = (count: number): number[][] =>
    Array.from({ length: count }, () => [...rng.uniform([2], 0, 4).data]);
  const [x, asked] = [drawn(sites), drawn(400)];
  const errors = rng.randn([sites]).data;
  const z = x.map((site, i) => height(site) + noise * (errors[i] as number));
  const truth = asked.map(height);
  const score = (estimates: readonly number[], deviations: readonly number[]) => {
    const gaps = estimates.map((estimate, i) => estimate - (truth[i] as number));
    const within = gaps.filter((gap, i) => Math.abs(gap) <= 1.96 * (deviations[i] as number)).length;
    return {
      rmse: Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap, 0) / gaps.length),
      covered: within / gaps.length,
    };
  };

  const gamma = fitVariogram(empiricalVariogram(x, z), "spherical");
  const kriged = ordinaryKriging(x, z, gamma)(asked);
  const kernel = sumOf(productOf(constant(1), rbf(1)), white(0.01));
  const process = new GaussianProcessRegressor({ kernel, normalizeY: true }).fit(x, z);
  const { mean, std } = process.predict(asked);
  return {
    kriging: score(
      kriged.map(({ estimate }) => estimate),
      kriged.map(({ variance }) => Math.sqrt(variance)),
    ),
    process: score(mean, std),
    kernel: process.kernel.toString(),
  };
}

if (import.meta.main) {
  const { kriging, process, kernel } = main();
  const said = ({ rmse, covered }: typeof kriging) =>
    `${rmse.toFixed(3)}, ${(100 * covered).toFixed(0)} % within its intervals`;
  console.log(`kriging is off by ${said(kriging)}; the process ${kernel} by ${said(process)}`);
}
