export { checkGradient, type CheckGradientOptions } from "./check-gradient.ts";
export { checkConstructor, type ModuleClass } from "./check-constructor.ts";
export { drawsOf } from "./draws-of.ts";
export { fixture } from "./fixture.ts";
export { type Tolerance } from "./matchers.ts";
export { formulaWeights } from "./formula-weights.ts";
export { hashed, hashedTensor } from "./hashed.ts";
export { mutations } from "./mutations.ts";
export { type Numbers, toNumbers } from "./to-numbers.ts";
export {
  checkAgainstTorch,
  checkAgainstTorchLater,
  expectTorch,
  inputsOf,
  sines,
  titleOf,
  type TorchCase,
  type TorchResult,
} from "./check-against-torch.ts";
export {
  checkLayerAgainstTorch,
  filledState,
  type TestedLayer,
  type TorchLayerCase,
} from "./check-layer-against-torch.ts";
