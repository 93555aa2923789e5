import { checkRecord, checkShape, StructError } from "@pellucid/core-train";
import { addN, type Scalar } from "@tensorflow/tfjs-core";

/**
 * The sum of the losses of a detector, which training minimizes.
 *
 * @param losses of which those that are undefined do not count
 * @returns one number
 * @throws {StructError} for what is not a record of tensors, or without a loss
 * @throws {ShapeError} for a loss that is not one number
 */
export function totalLoss(losses: Readonly<Record<string, Scalar | undefined>>): Scalar {
  checkRecord("totalLoss", "losses", losses, []);
  const terms = Object.entries(losses).flatMap(([name, loss]) => {
    if (loss === undefined) return [];
    checkShape("totalLoss", name, loss, []);
    return [loss];
  });
  if (terms.length === 0)
    throw new StructError("totalLoss: there is no loss, expected a record of one or more.");
  return addN(terms);
}
