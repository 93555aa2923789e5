/** The output of one call of {@link SequenceLayer.step}, and the state after it. */
export type Step<Output, State> = {
  readonly output: Output;
  readonly state: State;
};

/**
 * What reads a sequence a part at a time: a recurrent cell, a recurrent layer, attention with its cache, a language model.
 *
 * The outputs of consecutive calls, each given the state of the call before, are those of one call on the whole sequence.
 */
export interface SequenceLayer<Input, Output, State> {
  /** The state before the first time step. It is the caller's. */
  initialState(batch: number): State;
  /**
   * Reads the next time steps.
   *
   * @param input a cell takes one time step, `[batch, feature]`; all others take one or more, `[batch, time, feature]`
   * @param state the state after the time steps before; it stays the caller's
   */
  step(input: Input, state: State): Step<Output, State>;
}
