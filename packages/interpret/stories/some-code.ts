/** The TypeScript that takes the first unseen pictures at once, for programs that stories show: `some`, and their `labels`. */
export const someCode = (count: number, shape: readonly number[]) =>
  `import { tensor4d } from "@tensorflow/tfjs-core";
const { x, y } = unseen.gather(Int32Array.from({ length: ${count} }, (_, i) => i));
const some = tensor4d(x.data, [${[count, ...shape].join(", ")}]);
const labels = Array.from(y.data);`;
