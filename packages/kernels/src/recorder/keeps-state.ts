/**
 * The functions of tfjs' C++ that keep packed weights by the number of a tensor, so that the same number with other weights gives the result
 * of the first. All others compute from what they are given.
 */
export const keepsState: ReadonlySet<string> = new Set([
  "BatchMatMul",
  "_FusedMatMul",
  "Conv2D",
  "FusedConv2D",
  "DepthwiseConv2dNative",
  "FusedDepthwiseConv2D",
  "Prelu",
]);
