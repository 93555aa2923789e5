import {
  engine,
  type GradConfig,
  getGradient,
  type NamedAttrMap,
  registerGradient,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { gradientThrough } from "./gradient-through.ts";

/** How a kernel of tfjs would be composed of ops that have gradients. */
export interface Composition<Inputs extends Readonly<Record<string, Tensor>>, Attributes> {
  readonly kernelName: string;
  /** The inputs that have a gradient, and after them those that are needed for it. */
  readonly inputs: readonly (keyof Inputs & string)[];
  readonly compose: (inputs: Inputs, attributes: Attributes) => Tensor;
  /** For which attributes. For the others, tfjs' own gradient remains. Default: for all. */
  readonly when?: (attributes: Attributes) => boolean;
}

/** Whether a gradient is computed that will itself be differentiated. */
export const isNested = (): boolean => engine().state.gradientDepth > 0;

/** Gives a kernel the gradients of its composition: at first order, and at any other. */
export function registerComposedGradient<Inputs extends Readonly<Record<string, Tensor>>, Attributes>({
  kernelName,
  inputs: names,
  compose,
  when = () => true,
}: Composition<Inputs, Attributes>): void {
  const own: GradConfig | undefined = getGradient(kernelName);
  registerGradient({
    ...own,
    kernelName,
    inputsToSave: [...names],
    gradFunc: (dys, saved, attrs) => {
      if (own !== undefined && !when(attrs as Attributes)) {
        const positions = [...(own.inputsToSave ?? [])].map((name) => names.indexOf(name));
        const theirs = [...positions.map((at) => saved[at] as Tensor), ...saved.slice(names.length)];
        return own.gradFunc(dys, theirs, attrs);
      }
      const dy = Array.isArray(dys) ? (dys[0] as Tensor) : dys;
      const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i] as Tensor]));
      const at = (name: string) => () =>
        gradientThrough(
          (x) => compose({ ...inputs, [name]: x } as Inputs, attrs as NamedAttrMap as Attributes),
          inputs[name] as Tensor,
          dy,
        );
      return Object.fromEntries(names.map((name) => [name, at(name)]));
    },
  });
}
