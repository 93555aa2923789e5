import { StructError } from "../struct/struct-error.ts";
import type { SequenceLayer, Step } from "./sequence-layer.ts";
import { checkRecord } from "../check-record.ts";

/**
 * Steps through layers one after the other: the output of each is the input of the next. Call it in a `tidy`.
 *
 * @param state the state of each layer, in their order
 * @throws {RangeError} If there are not as many states as layers.
 */
export function stepThrough<X, State>(
  layers: readonly SequenceLayer<X, X, State>[],
  input: X,
  state: readonly State[],
): Step<X, State[]> {
  if (!Array.isArray(layers) || !Array.isArray(state))
    throw new StructError(
      "stepThrough: expected an array of layers and one of their states, as initialState(batch) makes it.",
    );
  if (state.length !== layers.length)
    throw new RangeError(
      `stepThrough: the state has ${state.length} entries, expected one for each of ${layers.length} layers. Start with initialState(batch).`,
    );
  let output = input;
  const after: State[] = [];
  for (const [i, layer] of layers.entries()) {
    checkRecord("stepThrough", `layers[${i}]`, layer, ["step"]);
    const step = layer.step(output, state[i] as State);
    output = step.output;
    after.push(step.state);
  }
  return { output, state: after };
}
