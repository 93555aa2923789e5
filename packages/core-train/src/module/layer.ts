/**
 * Whatever maps an input to an output: a layer, a whole model, a bare `{ forward }`. Both are tensors or structures, see {@link Struct}.
 */
export interface Layer<In, Out> {
  forward(input: In): Out;
}
