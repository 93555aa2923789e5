import { checkRng, checkSizes, init, initialize, LayerNorm, Module, tidyLeaves } from "@pellucid/core-train";
import { type Tensor2D, type Tensor3D, Variable, zerosLike } from "@tensorflow/tfjs-core";
import { checkDetrLayer, DetrDecoderLayer, DetrEncoderLayer, type DetrLayerOptions } from "./detr-layers.ts";

/** Options for {@link DetrTransformer}. */
export interface DetrTransformerOptions extends DetrLayerOptions {
  /** Default: 6. */
  readonly encoderLayers?: number;
  /** Default: 6. */
  readonly decoderLayers?: number;
}

class DetrEncoder extends Module {
  readonly layers: readonly DetrEncoderLayer[];

  constructor(layers: readonly DetrEncoderLayer[]) {
    super();
    this.layers = layers;
  }
}

class DetrDecoder extends Module {
  readonly layers: readonly DetrDecoderLayer[];
  readonly norm: LayerNorm;

  constructor(layers: readonly DetrDecoderLayer[], norm: LayerNorm) {
    super();
    this.layers = layers;
    this.norm = norm;
  }
}

/** DETR's transformer: an encoder of the positions of a feature map, and a decoder of queries, each of which may become an object. */
export class DetrTransformer extends Module {
  readonly encoder: DetrEncoder;
  readonly decoder: DetrDecoder;

  constructor(dModel: number, nhead: number, options: DetrTransformerOptions) {
    super();
    checkRng("DetrTransformer", options);
    const { encoderLayers = 6, decoderLayers = 6, ...layer } = options;
    checkDetrLayer("DetrTransformer", dModel, nhead, layer);
    checkSizes("DetrTransformer", { encoderLayers, decoderLayers });
    const { rng } = options;
    const made = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
    this.encoder = new DetrEncoder(made(encoderLayers, () => new DetrEncoderLayer(dModel, nhead, layer)));
    this.decoder = new DetrDecoder(
      made(decoderLayers, () => new DetrDecoderLayer(dModel, nhead, layer)),
      new LayerNorm(dModel),
    );
    for (const [, module] of this.namedModules())
      for (const [field, value] of Object.entries(module))
        if (value instanceof Variable && value.rank === 2)
          initialize(module, field as never, init.xavierUniform(), rng);
  }

  /**
   * @param x `[batch, position, feature]` of a feature map
   * @param positions of the shape of `x`
   * @param queryPositions `[batch, query, feature]`
   * @param padding `[batch, position]` bool
   * @returns the queries after each layer of the decoder, `[batch, query, feature]`
   */
  forward(x: Tensor3D, positions: Tensor3D, queryPositions: Tensor3D, padding: Tensor2D | null): Tensor3D[] {
    return tidyLeaves(() => {
      const memory = this.encoder.layers.reduce((y, layer) => layer.forward(y, positions, padding), x);
      let queries: Tensor3D = zerosLike(queryPositions);
      return this.decoder.layers.map((layer) => {
        queries = layer.forward(queries, queryPositions, { memory, positions, padding });
        return this.decoder.norm.forward(queries);
      });
    });
  }
}
