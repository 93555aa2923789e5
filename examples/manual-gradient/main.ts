// Gradient descent on y = w x, one sample at a time, with the gradient worked out by hand: the same numbers that
// PyTorch's autograd and Pellucid's give, here without either.

const samples = [
  [1, 2],
  [2, 4],
  [3, 6],
] as const;

/** Networks compute in 32 bits; rounding after each operation gives PyTorch's very numbers. */
const { fround } = Math;

/** `d (w x − y)² / dw = 2 (w x − y) x`. */
export const gradientByHand = (w: number, x: number, y: number): number =>
  fround(2 * fround(fround(w * x) - y) * x);

/** Descends for some epochs from `w = 1`. */
export function main({ epochs = 100, learningRate = 0.01 } = {}): { w: number; losses: readonly number[] } {
  let w = 1;
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [x, y] of samples) w = fround(w - fround(fround(learningRate) * gradientByHand(w, x, y)));
    losses.push(samples.reduce((sum, [x, y]) => sum + (w * x - y) ** 2, 0) / samples.length);
  }
  return { w, losses };
}

if (import.meta.main) {
  const { w, losses } = main();
  for (const epoch of [1, 10, 50, 100])
    console.log(`epoch ${epoch}: loss ${losses[epoch - 1]?.toExponential(3)}`);
  console.log(`w = ${w}, and y(4) = ${fround(w * 4)}`);
}
