import { checkShape, matMul, OptionError } from "@pellucid/core-train";
import { div, mean, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { checkFiniteTensor } from "../run/check-finite.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** The result of {@link pca}. */
export interface Pca {
  /** `[example, component]`, the caller's. */
  readonly embedding: Tensor2D;
  /** The directions, `[component, feature]`, the caller's. */
  readonly components: Tensor2D;
  /** The variance along each, divided by `n − 1`. */
  readonly explainedVariance: Float64Array;
  /** Its share of all variance. */
  readonly explainedVarianceRatio: Float64Array;
}

/**
 * The directions in which examples vary most: eigenvectors of the covariance, each with its largest part positive.
 *
 * @param x `[example, feature]`
 */
export async function pca(x: Tensor2D, components = 2): Promise<Pca> {
  checkShape("pca", "x", x, ["example", "feature"]);
  const [count, features] = x.shape;
  if (!Number.isInteger(components) || components < 1 || components > Math.min(count, features)) {
    throw new OptionError("pca", "components", components, `1 to ${Math.min(count, features)}`);
  }
  await checkFiniteTensor("pca", "x", x);
  const few = count < features; // then the products of examples have the same eigenvalues, and are fewer
  const products = tidy(() => {
    const centered = sub<Tensor2D>(x, mean(x, 0));
    return div<Tensor2D>(matMul(centered, centered, !few, few), Math.max(1, count - 1));
  });
  const matrix = Float64Array.from(await products.data());
  products.dispose();
  const size = few ? count : features;
  const { values, vectors: found } =
    size <= 96 ? symmetricEigen(matrix, size) : leading(matrix, size, components);
  let total = 0;
  for (let i = 0; i < size; i++) total += matrix[i * size + i] as number;
  const vectors = few ? await ofFeatures(x, found.subarray(0, components * count)) : found;
  const rows = new Float32Array(components * features);
  for (let c = 0; c < components; c++) {
    const vector = vectors.subarray(c * features, (c + 1) * features);
    const largest = vector.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
    rows.set(largest < 0 ? vector.map((v) => -v) : vector, c * features);
  }
  const directions = tensor2d(rows, [components, features]);
  const explainedVariance = values.slice(0, components);
  return {
    embedding: tidy(() => matMul(sub<Tensor2D>(x, mean(x, 0)), directions, false, true)),
    components: directions,
    explainedVariance,
    explainedVarianceRatio: explainedVariance.map((v) => (total === 0 ? 0 : v / total)),
  };
}

/** From directions among examples to those among features, of length 1: `Xᵀ u / ‖Xᵀ u‖`. */
async function ofFeatures(x: Tensor2D, among: Float64Array): Promise<Float64Array> {
  const [count, features] = x.shape;
  const turned = tidy(() => {
    const centered = sub<Tensor2D>(x, mean(x, 0));
    return matMul(tensor2d(Float32Array.from(among), [among.length / count, count]), centered);
  });
  const vectors = Float64Array.from(await turned.data());
  turned.dispose();
  for (let row = 0; row < vectors.length; row += features) {
    let squares = 0;
    for (let f = 0; f < features; f++) squares += (vectors[row + f] as number) ** 2;
    const length = Math.sqrt(squares) || 1;
    for (let f = 0; f < features; f++) vectors[row + f] = (vectors[row + f] as number) / length;
  }
  return vectors;
}

/** The first eigenvectors of a large matrix: a block of them is multiplied until it turns no more (Rayleigh and Ritz). */
function leading(
  matrix: Float64Array,
  size: number,
  components: number,
): { values: Float64Array; vectors: Float64Array } {
  const width = Math.min(size, components + 10);
  let block: Float64Array = Float64Array.from(
    { length: width * size },
    (_, i) => Math.sin(1 + i * 1.37) + Math.cos(i * i * 0.11),
  );
  let values: Float64Array = new Float64Array(width);
  for (let round = 0; round < 200; round++) {
    orthonormalize(block, size);
    const product = times(block, matrix, size);
    const small = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) small[i * width + j] = dot(block, i, product, j, size);
    const ritz = symmetricEigen(small, width);
    const turned = new Float64Array(width * size);
    for (let i = 0; i < width; i++)
      for (let k = 0; k < width; k++) {
        const part = ritz.vectors[i * width + k] as number;
        for (let f = 0; f < size; f++)
          turned[i * size + f] = (turned[i * size + f] as number) + part * (product[k * size + f] as number);
      }
    const moved = Math.max(
      ...Array.from({ length: components }, (_, i) =>
        Math.abs((ritz.values[i] as number) - (values[i] as number)),
      ),
    );
    block = turned;
    values = Float64Array.from(ritz.values);
    if (moved <= 1e-10 * (values[0] as number)) break;
  }
  orthonormalize(block, size);
  return { values, vectors: block };
}

function times(block: Float64Array, matrix: Float64Array, size: number): Float64Array {
  const product = new Float64Array(block.length);
  for (let row = 0; row < block.length; row += size) {
    for (let k = 0; k < size; k++) {
      const part = block[row + k] as number;
      for (let f = 0; f < size; f++)
        product[row + f] = (product[row + f] as number) + part * (matrix[k * size + f] as number);
    }
  }
  return product;
}

function orthonormalize(block: Float64Array, size: number): void {
  for (let i = 0; i < block.length / size; i++) {
    for (let twice = 0; twice < 2; twice++)
      for (let j = 0; j < i; j++) {
        const along = dot(block, i, block, j, size);
        for (let f = 0; f < size; f++)
          block[i * size + f] = (block[i * size + f] as number) - along * (block[j * size + f] as number);
      }
    const length = Math.sqrt(dot(block, i, block, i, size)) || 1;
    for (let f = 0; f < size; f++) block[i * size + f] = (block[i * size + f] as number) / length;
  }
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, size: number): number {
  let sum = 0;
  for (let f = 0; f < size; f++) sum += (a[i * size + f] as number) * (b[j * size + f] as number);
  return sum;
}
