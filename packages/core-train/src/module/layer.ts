/** Whatever maps an input to an output: a layer, a whole model, a bare `{ forward }`. */
export interface Layer<In, Out> {
  forward(input: In): Out;
}
