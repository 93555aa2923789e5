import {
  type AnyLayer,
  checkArguments,
  checkChoice,
  checkOptions,
  checkRng,
  checkSizeArray,
  detach,
  IndexError,
  type Layer,
  Linear,
  Module,
  mseLoss,
  OptionError,
  ReLU,
  type Rng,
  Sigmoid,
  Tanh,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import { tidy } from "@tensorflow/tfjs-core";

/** Options for {@link StackedAutoencoder}. */
export interface StackedAutoencoderOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** After each layer of the encoder, and in the decoder after each but the last. Default: `"sigmoid"`. */
  readonly activation?: "sigmoid" | "tanh" | "relu";
}

const activations = { sigmoid: Sigmoid, tanh: Tanh, relu: ReLU };

/**
 * An autoencoder of which each layer can be trained on its own, the first first: see {@link pretrain}. Each layer learns to reconstruct what the
 * layers below it return, so that no gradient has to cross many layers. The deep net that results starts where
 * training by gradients can continue, which from random sigmoid layers it could not: gradients vanish on the way down.
 *
 * Hinton, Osindero and Teh, 2006. https://doi.org/10.1162/neco.2006.18.7.1527. Bengio et al., 2006. Greedy layer-wise training of deep
 * networks. Parameters are `encoders.0.weight`, … and `decoders.0.weight`, …; `decoders.0` inverts `encoders.0`.
 *
 * @throws {StructError} For sizes that are not an array.
 * @throws {OptionError} For fewer than two sizes, or a wrong option.
 */
export class StackedAutoencoder extends Module implements Layer<Tensor, Tensor> {
  readonly encoders: readonly Linear[];
  readonly decoders: readonly Linear[];
  readonly activation: Module & Layer<Tensor, Tensor>;

  constructor(sizes: readonly number[], options: StackedAutoencoderOptions) {
    super();
    checkRng("StackedAutoencoder", options);
    checkOptions("StackedAutoencoder", options, ["rng", "activation"]);
    const { rng, activation = "sigmoid" } = options;
    checkChoice("StackedAutoencoder", "activation", activation, ["sigmoid", "tanh", "relu"]);
    checkArguments("StackedAutoencoder", { array: { sizes } });
    const shown = `[${sizes.join(", ")}]`;
    if (sizes.length < 2) throw new OptionError("StackedAutoencoder", "sizes", shown, "two or more");
    checkSizeArray("StackedAutoencoder", "sizes", sizes);
    const linear = (from: number, to: number) => new Linear(sizes[from] ?? NaN, sizes[to] ?? NaN, { rng });
    this.encoders = sizes.slice(1).map((_, i) => linear(i, i + 1));
    this.decoders = sizes.slice(1).map((_, i) => linear(i + 1, i));
    this.activation = new activations[activation]();
  }

  /** How many layers the encoder has. */
  get depth(): number {
    return this.encoders.length;
  }

  /** The encoder as the first layers of another model, with which it shares its parameters: `new Sequential(...stack.layers, head)`. */
  get layers(): readonly AnyLayer[] {
    return this.encoders.flatMap((encoder): AnyLayer[] => [encoder, this.activation]);
  }

  /**
   * @param x `[batch, sizes[0]]`
   * @param depth how many layers to go through. Default: all.
   * @returns `[batch, sizes[depth]]`
   */
  encode(x: Tensor, depth = this.depth): Tensor {
    return tidy(() => this.encoders.slice(0, depth).reduce((h, layer) => this.#activated(layer, h), x));
  }

  /**
   * @param code `[batch, sizes.at(-1)]`
   * @returns `[batch, sizes[0]]`
   */
  decode(code: Tensor): Tensor {
    const [last, ...hidden] = this.decoders;
    return tidy(() =>
      (last as Linear).forward(hidden.toReversed().reduce((h, layer) => this.#activated(layer, h), code)),
    );
  }

  /** @returns the shape of `x` */
  forward(x: Tensor): Tensor {
    return tidy(() => this.decode(this.encode(x)));
  }

  /**
   * The mean squared error with which layer `index` and its inverse reconstruct what the layers below return, which counts as constant.
   *
   * @throws IndexError where there is no such layer
   * @param x `[batch, sizes[0]]`
   * @returns one number
   */
  layerLoss(index: number, x: Tensor): Tensor {
    const [encoder, decoder] = [this.encoders[index], this.decoders[index]];
    if (encoder === undefined || decoder === undefined)
      throw new IndexError(
        `StackedAutoencoder.layerLoss: index is ${index}, expected 0 to ${this.depth - 1}.`,
      );
    return tidy(() => {
      const below = detach(this.encode(x, index)); //                [batch, sizes[index]]
      const code = this.#activated(encoder, below); //               [batch, sizes[index + 1]]
      const back = index === 0 ? decoder.forward(code) : this.#activated(decoder, code);
      return mseLoss(back, below);
    });
  }

  #activated(layer: Linear, x: Tensor): Tensor {
    return this.activation.forward(layer.forward(x));
  }
}
