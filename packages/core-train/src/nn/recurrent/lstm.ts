import { add, concat, split, stack, type Tensor2D, type Tensor3D, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { matMul } from "../../op/mat-mul.ts";
import { lstmScan } from "./lstm-scan.ts";
import { lstmTimeStep } from "./lstm-time-step.ts";
import { type Recurrence, timeSteps, visits, within } from "./recurrence.ts";
import { type DirectionState, project, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

/** Options for {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** The size to which each hidden state is projected; 0 for no projection. Default: 0. */
  readonly projSize?: number;
}

/** The hidden state and the cell state of an {@link LSTM}, `[layers · directions, batch, size]` each. */
export type LSTMState = { readonly h: Tensor3D; readonly c: Tensor3D };

/**
 * Long short-term memory:
 *
 *     i, f, o = σ(x Wᵢ + h Uᵢ + b), …,   g = tanh(x W_g + h U_g + b_g)
 *     c ← f c + i g,   h ← o tanh(c)   (times `Wᵣ`, with a projection)
 *
 * Names, layouts, initial weights and numbers are those of `torch.nn.LSTM`: gates in the order i, f, g, o, two biases, and the
 * bias of the forget gate is not initialized to 1. Sequences are `[batch, time, feature]`. A batch with `lengths` corresponds to a packed
 * sequence.
 *
 * Hochreiter and Schmidhuber, 1997. https://doi.org/10.1162/neco.1997.9.8.1735
 *
 * @throws {OptionError} If a size is not an integer above 0, or `projSize` is not below `hiddenSize`.
 */
export class LSTM extends Recurrent<"h" | "c", "h" | "c" | "i" | "f" | "g" | "o"> {
  readonly projSize: number;

  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions) {
    checkOptions("LSTM", options, ["rng", "projSize", "bias", "bidirectional", "dropout", "numLayers"]);
    super(inputSize, hiddenSize, 4, options);
    this.projSize = options.projSize ?? 0;
  }

  get stateSizes(): { readonly h: number; readonly c: number } {
    return { h: this.projSize || this.hiddenSize, c: this.hiddenSize };
  }

  protected scan(
    { weightIh, weightHh: weight, biasIh, biasHh, weightHr }: RecurrentWeights,
    x: Tensor3D,
    { h, c }: DirectionState<"h" | "c">,
    recurrence: Recurrence,
  ) {
    const z = project(x, weightIh, biasIh && biasHh && add(biasIh, biasHh)); // [batch, time, 4 hidden]
    if (weightHr !== null) return projected(z, weight, weightHr, { h, c }, recurrence);
    const [output, lastH, lastC, gates, cells] = lstmScan({ x: z, weight, h, c }, recurrence);
    return {
      output,
      state: { h: lastH, c: lastC },
      gatesAndStates: () => gatesAndStates(output, cells, gates),
    };
  }
}

/** A loop over the time steps: the scan has no projection. */
function projected(
  z: Tensor3D,
  weight: Tensor2D,
  weightHr: Tensor2D,
  { h, c }: DirectionState<"h" | "c">,
  { lengths, reverse }: Recurrence,
) {
  const inputs = timeSteps(z);
  const [outputs, cells, gates]: [Tensor2D[], Tensor2D[], Tensor2D[]] = [[], [], []];
  for (const t of visits(inputs.length, reverse)) {
    const now = lstmTimeStep(add(inputs[t] as Tensor2D, matMul(h, weight)), c);
    const out = matMul(now.h, weightHr) as Tensor2D; // [batch, projected]
    const all = concat([...now.gates], 1); // [batch, 4 hidden]
    outputs[t] = within(t, lengths, out, zerosLike(out));
    cells[t] = within(t, lengths, now.c, zerosLike(now.c));
    gates[t] = within(t, lengths, all, zerosLike(all));
    h = within(t, lengths, out, h);
    c = within(t, lengths, now.c, c);
  }
  const output = stack(outputs, 1) as Tensor3D; // [batch, time, projected]
  return {
    output,
    state: { h, c },
    gatesAndStates: () => gatesAndStates(output, stack(cells, 1) as Tensor3D, stack(gates, 1) as Tensor3D),
  };
}

function gatesAndStates(h: Tensor3D, c: Tensor3D, gates: Tensor3D) {
  const [i, f, g, o] = split<Tensor3D>(gates, 4, 2) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D];
  return { h, c, i, f, g, o };
}
