import {
  engine,
  Exp,
  getGradient,
  type NamedTensorMap,
  Pow,
  registerGradient,
  Sigmoid,
  Tanh,
  type Tensor,
} from "@tensorflow/tfjs-core";

/**
 * Lets gradients that are written in terms of the output be differentiated again. tfjs saves a copy of the output that it
 * does not connect to the input, so `exp`, `sigmoid`, `tanh` and `pow` silently have a wrong second derivative: that of
 * `exp(2x)` comes out as nothing at all. Here the output is computed again from the inputs, but only inside of another
 * gradient.
 */
export function registerHigherOrder(): void {
  for (const kernelName of [Exp, Sigmoid, Tanh]) recomputeOutput(kernelName, ["x"]);
  recomputeOutput(Pow, ["a", "b"]);
}

function recomputeOutput(kernelName: string, names: readonly string[]): void {
  const { inputsToSave = [], gradFunc } = getGradient(kernelName);
  registerGradient({
    kernelName,
    // asked for when the op runs: then it is known whether its gradient may be differentiated
    get inputsToSave() {
      return engine().state.gradientDepth > 1 ? [...names] : inputsToSave;
    },
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const inputs = saved.slice(0, -1);
      const connected = engine().state.gradientDepth > 0 && inputs.length === names.length;
      const named: NamedTensorMap = Object.fromEntries(names.map((name, i) => [name, inputs[i] as Tensor]));
      const y = connected ? engine().runKernel(kernelName, named, attributes) : saved.at(-1);
      return gradFunc(dy, [...(inputsToSave.length > 0 ? inputs : []), y as Tensor], attributes);
    },
  });
}
