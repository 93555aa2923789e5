import { OptionError } from "@pellucid/core-train";
import {
  argMax,
  cast,
  equal,
  expandDims,
  mul,
  notEqual,
  range,
  scalar,
  slice,
  squeeze,
  sum,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * What a classifier says after the last token of each text that is not padding: `[batch, time, class]` -> `[batch, class]`.
 *
 * @throws {OptionError} If there are several texts and no padding token.
 */
export function atLastToken(
  caller: string,
  scores: Tensor3D,
  tokens: Tensor2D,
  padTokenId: number | null,
): Tensor2D {
  const [batch, time, classes] = scores.shape;
  if (padTokenId === null && batch !== 1)
    throw new OptionError(
      caller,
      "padTokenId",
      padTokenId,
      `the padding token, for a batch of ${batch} texts`,
    );
  return tidy(() => {
    if (padTokenId === null)
      return squeeze<Tensor2D>(slice(scores, [0, time - 1, 0], [batch, 1, classes]), [1]);
    const isText = cast(notEqual(tokens, scalar(padTokenId, "int32")), "int32");
    const positions = range(0, time, 1, "int32");
    const last = argMax(mul(positions, isText), 1); // [batch]
    const isLast = equal(expandDims(last, 1), positions); // [batch, time]
    const chosen = expandDims(cast(isLast, "float32"), 2); // [batch, time, 1]
    return sum<Tensor2D>(mul(scores, chosen), 1);
  });
}
