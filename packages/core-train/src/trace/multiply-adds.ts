import { sizeOf } from "../host-tensor.ts";
import type { RecordedNode, RecordedRun } from "./recorded-run.ts";

/**
 * How many products an op computes and adds up, if it is a product of matrices, a convolution, attention or the scan of a recurrent layer; 0 for others.
 * `torch.utils.flop_counter` gives twice this number.
 */
export function multiplyAdds({ op, inputs, outputs, attributes }: RecordedNode, run: RecordedRun): number {
  const sizes = (value: number | undefined) => run.values[value ?? NaN]?.sizes ?? [];
  const of = (name: string) => sizes(inputs.find(([input]) => input === name)?.[1]);
  const output = sizeOf(sizes(outputs[0]));
  const filter = () => sizeOf(of("filter")) / (of("filter").at(-1) ?? NaN); // of one channel of the output
  switch (op) {
    case "PellucidLinear":
      return output * (of("weight")[0] ?? NaN);
    case "BatchMatMul":
    case "_FusedMatMul":
      return output * (of("a").at(attributes["transposeA"] === true ? -2 : -1) ?? NaN);
    case "PellucidConv2d":
    case "PellucidConv2dWithBias":
    case "Conv2D":
    case "FusedConv2D":
    case "Conv3D":
      return output * filter();
    case "DepthwiseConv2dNative":
    case "FusedDepthwiseConv2D":
      return output * sizeOf(of("filter").slice(0, 2));
    case "PellucidConv2dInput":
    case "Conv2DBackpropInput":
    case "Conv3DBackpropInputV2":
      return sizeOf(of("dy")) * filter();
    case "PellucidAttention":
      return sizeOf(of("query")) * (of("key").at(-2) ?? NaN) + output * (of("key").at(-2) ?? NaN);
    case "PellucidRnn":
    case "PellucidGru":
    case "PellucidLstm":
      return (sizeOf(of("x")) / (of("x").at(-1) ?? NaN)) * sizeOf(of("weight"));
    default:
      return 0;
  }
}
