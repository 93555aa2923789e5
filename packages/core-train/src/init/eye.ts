import { ShapeError } from "../shape-error.ts";
import type { FixedInitializer } from "./initializer.ts";
import { zeros } from "./zeros.ts";

/**
 * The identity matrix, as `torch.nn.init.eye_`.
 *
 * @throws ShapeError for a shape that is not a matrix's
 */
export function eye(): FixedInitializer {
  return (shape) => {
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length > 2)
      throw new ShapeError(`eye: the shape is [${shape.join(", ")}], expected [rows, columns].`);
    const made = zeros()(shape);
    for (let i = 0; i < Math.min(rows, columns); i++) made.data[i * columns + i] = 1;
    return made;
  };
}
