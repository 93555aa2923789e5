// Find w in y = w x by trying them all: the loss is a valley, and its floor is the answer.

const x = [1, 2, 3];
const y = [2, 4, 6];

/** The mean squared error of `y = w x` over the samples. */
export function risk(w: number): number {
  return x.reduce((sum, xi, i) => sum + (w * xi - (y[i] ?? 0)) ** 2, 0) / x.length;
}

/** Tries every weight from 0 to 4 in steps of 0.1. */
export function main(): { best: number; curve: readonly (readonly [w: number, loss: number])[] } {
  const curve = Array.from({ length: 41 }, (_, i) => [i / 10, risk(i / 10)] as const);
  const [best] = curve.reduce((a, b) => (b[1] < a[1] ? b : a));
  return { best, curve };
}

if (import.meta.main) {
  const { best, curve } = main();
  const highest = Math.max(...curve.map(([, loss]) => loss));
  for (const [w, loss] of curve)
    console.log(w.toFixed(1), loss.toFixed(2).padStart(6), "▇".repeat((60 * loss) / highest));
  console.log(`the loss is lowest at w = ${best}`);
}
