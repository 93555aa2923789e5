import { checkRecord, checkShape, logSigmoid, maximum, sigmoid, tanh } from "@pellucid/core-train";
import { add, div, exp, mul, sub, type Tensor3D, type Tensor4D, tidy, unstack } from "@tensorflow/tfjs-core";

/** The memory of {@link slstmStep}, each `[batch, head, feature]`: cell and normalizer are scaled by `exp(−m)`. */
export type SlstmMemory = {
  /** The output. */
  readonly y: Tensor3D;
  /** The cell. */
  readonly c: Tensor3D;
  /** The normalizer. */
  readonly n: Tensor3D;
  /** The logarithm of the scale; −1e30 where nothing was written. */
  readonly m: Tensor3D;
};

/**
 * A time step of the sLSTM, from the logits of its gates:
 *
 *     c ← f c + i tanh(z),   n ← f n + i,   y = sigmoid(o) c / n,   f = sigmoid(f̃),   i = exp(ĩ)
 *
 * with both scaled by a running maximum `m ← max(log f + m, ĩ)`, so that nothing overflows.
 *
 * Beck et al., 2024, equations 8 to 17. https://arxiv.org/abs/2405.04517
 *
 * @param logits of the gates i, f, z and o, `[batch, head, gate, feature]`
 * @throws ShapeError for shapes that do not fit together
 * @throws StructError for what is not a record of tensors
 */
export function slstmStep(logits: Tensor4D, memory: SlstmMemory): SlstmMemory {
  const caller = "slstmStep";
  checkShape(caller, "logits", logits, ["batch", "head", 4, "feature"]);
  checkRecord(caller, "memory", memory, ["y", "c", "n", "m"]);
  const [batch, heads, , features] = logits.shape;
  for (const [name, each] of Object.entries(memory))
    checkShape(caller, `memory.${name}`, each, [batch, heads, features]);
  return tidy(() => {
    const [i, f, z, o] = unstack(logits, 2) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
    const lasting = add<Tensor3D>(logSigmoid(f), memory.m);
    const m = maximum(i, lasting) as Tensor3D;
    const [written, kept] = [exp(sub(i, m)), exp(sub(lasting, m))];
    const c = add<Tensor3D>(mul(kept, memory.c), mul(written, tanh(z)));
    const n = add<Tensor3D>(mul(kept, memory.n), written);
    return { y: mul(sigmoid(o), div(c, n)), c, n, m };
  });
}
