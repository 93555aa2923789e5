/** Code of a function that prints four gradients of the core, whose ops have wrong ones in tfjs. */
export const fourGradients = `import { cumsum, gradient, interpolate, maximum, pad } from "@pellucid/core-train";
import { mul, ones, square, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
const fourGradients = () =>
  [
    gradient((x) => mul(cumsum(x, 0), tensor2d([[1, 2], [3, 4]])))(ones([2, 2])),
    gradient((x) => square(pad(x, [[0, 0], [1, 1]], { mode: "reflect" })))(tensor2d([[1, 2, 3]])),
    gradient((x) => interpolate(x, { scaleFactor: 2, mode: "bilinear" }))(ones([1, 2, 2, 1])),
    gradient((x) => maximum(x, tensor2d([[1], [2]])))(tensor1d([1, 3])),
  ].map((x) => x.dataSync().join()).join(" ");
`;

/** What it gives in PyTorch 2.13. */
export const fourGradientsOfPytorch = "4,6,3,4 2,12,6 4,4,4,4 0.5,2";
