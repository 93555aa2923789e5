import {
  engine,
  Exp,
  getGradient,
  registerGradient,
  Sigmoid,
  Softmax,
  Tanh,
  type Tensor,
} from "@tensorflow/tfjs-core";

/**
 * Lets gradients that are written in terms of the output be differentiated again. tfjs saves a copy of the output that it
 * does not connect to the input, so `exp`, `sigmoid` and `tanh` silently have a wrong second derivative: that of
 * `exp(2x)` comes out as nothing at all. Here the output is computed again from the inputs, but only inside of another
 * gradient.
 */
export function registerHigherOrder(): void {
  for (const kernelName of [Exp, Sigmoid, Tanh]) recomputeOutput(kernelName, "x");
  recomputeOutput(Softmax, "logits");
}

function recomputeOutput(kernelName: string, input: string): void {
  const { gradFunc } = getGradient(kernelName);
  registerGradient({
    kernelName,
    // asked for when the op runs: then it is known whether its gradient may be differentiated
    get inputsToSave() {
      return engine().state.gradientDepth > 1 ? [input] : [];
    },
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [y] = saved.slice(-1) as [Tensor];
      const [x] = saved.slice(0, -1);
      const connected = x !== undefined && engine().state.gradientDepth > 0;
      return gradFunc(
        dy,
        [connected ? (engine().runKernel(kernelName, { [input]: x }, attributes) as Tensor) : y],
        attributes,
      );
    },
  });
}
