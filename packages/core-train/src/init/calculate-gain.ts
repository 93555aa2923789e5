import { checkChoice, checkFinite } from "../check-values.ts";
/** The functions that {@link calculateGain} knows. */
export type Nonlinearity = (typeof nonlinearities)[number];

/** What {@link calculateGain} knows a gain of. */
export const nonlinearities = [
  "linear",
  "conv1d",
  "conv2d",
  "conv3d",
  "convTranspose1d",
  "convTranspose2d",
  "convTranspose3d",
  "sigmoid",
  "tanh",
  "relu",
  "leakyRelu",
  "selu",
] as const;

/**
 * By how much weights are to grow so that what comes after the nonlinearity keeps its scale, as
 * `torch.nn.init.calculate_gain`.
 *
 * @param negativeSlope of `leakyRelu`. Default: 0.01
 */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  checkChoice("calculateGain", "nonlinearity", nonlinearity, nonlinearities);
  checkFinite("calculateGain", { negativeSlope });
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leakyRelu":
      return Math.sqrt(2 / (1 + negativeSlope ** 2));
    case "selu":
      return 3 / 4;
    default:
      return 1;
  }
}
