import { ShapeError } from "../shape-error.ts";
import { sizeOf } from "../host-tensor.ts";
import type { FixedInitializer } from "./initializer.ts";
import { zeros } from "./zeros.ts";
import { checkSizes } from "../check-values.ts";

/**
 * A convolution that passes its input channels through, as many as it has outputs for, as `torch.nn.init.dirac_`.
 *
 * @param groups each group of channels passes through by itself. Default: 1
 * @throws ShapeError unless the shape is a convolution's with outputs that divide into the groups
 */
export function dirac(groups = 1): FixedInitializer {
  checkSizes("dirac", { groups });
  return (shape) => {
    const [outputs = 0, inputs = 0, ...kernel] = shape;
    if (kernel.length < 1 || kernel.length > 3 || outputs % groups !== 0)
      throw new ShapeError(
        `dirac: the shape is [${shape.join(", ")}], expected a convolution's [out, in / groups, …kernel] with out divisible by ${groups} groups.`,
      );
    const made = zeros()(shape);
    const area = sizeOf(kernel);
    const middle = kernel.reduce((index, size) => index * size + Math.floor(size / 2), 0);
    const perGroup = outputs / groups;
    for (let group = 0; group < groups; group++) {
      for (let input = 0; input < Math.min(perGroup, inputs); input++) {
        const output = group * perGroup + input;
        made.data[(output * inputs + input) * area + middle] = 1;
      }
    }
    return made;
  };
}
