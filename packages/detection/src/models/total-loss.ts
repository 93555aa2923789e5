import { addN, type Scalar } from "@tensorflow/tfjs-core";

/** The sum of the losses of a detector, which training minimizes. */
export function totalLoss(losses: Readonly<Record<string, Scalar | undefined>>): Scalar {
  return addN(Object.values(losses).filter((loss) => loss !== undefined));
}
