// A radial basis function network: the hidden layer says how near an image is to each of 100 centers, the output layer is
// linear. Nothing descends: k-means finds the centers, least squares the weights.
import { Rng } from "@pellucid/core-train";
import { digits, type LabeledImages } from "@pellucid/datasets";
import { kMeans, squaredDistance } from "./k-means.ts";
import { leastSquares } from "./least-squares.ts";

const points = ({ images, length }: LabeledImages<Uint8Array>): Float64Array[] =>
  Array.from({ length }, (_, i) => Float64Array.from(images.data.subarray(64 * i, 64 * (i + 1))));

/** Fits on the training digits and returns the share of the test digits that are right. */
export async function main({ centers: count = 100, seed = 0 } = {}): Promise<number> {
  const { train, test } = await digits();
  const centers = kMeans(points(train), count, new Rng(seed));
  const spread = centers.flatMap((a, i) => centers.slice(i + 1).map((b) => squaredDistance(a, b)));
  const width = spread.reduce((sum, d) => sum + d, 0) / spread.length; // mean squared distance of two centers
  const hidden = (point: Float64Array): Float64Array =>
    Float64Array.of(1, ...centers.map((center) => Math.exp(-squaredDistance(point, center) / width)));
  const oneHot = Array.from(train.labels.data, (label) => new Float64Array(10).fill(0).with(label, 1));
  const weights = leastSquares(points(train).map(hidden), oneHot);
  const answers = points(test).map((point) => {
    const nearness = hidden(point);
    const scores = Array.from({ length: 10 }, (_, c) =>
      nearness.reduce((sum, h, i) => sum + h * (weights[i]?.[c] ?? 0), 0),
    );
    return scores.indexOf(Math.max(...scores));
  });
  return answers.filter((answer, i) => answer === test.labels.data[i]).length / test.length;
}

if (import.meta.main) {
  const accuracy = await main();
  console.log(`${(100 * accuracy).toFixed(1)} % of 450 unseen digits are right`);
}
