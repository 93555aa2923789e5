import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  Dropout,
  LayerNorm,
  Linear,
  Module,
  MultiheadAttention,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link DetrEncoderLayer} and {@link DetrDecoderLayer}. */
export interface DetrLayerOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Features between the two linear layers. Default: 2048. */
  readonly dimFeedforward?: number;
  /** The probability of dropout in training. Default: 0.1. */
  readonly dropout?: number;
}

/** @throws OptionError for wrong sizes and options, before anything is drawn */
export function checkDetrLayer(
  caller: string,
  dModel: number,
  nhead: number,
  options: DetrLayerOptions,
): void {
  checkRng(caller, options);
  checkOptions(caller, options, ["rng", "dimFeedforward", "dropout"]);
  const { dimFeedforward = 2048, dropout = 0.1 } = options;
  checkSizes(caller, { dModel, nhead, dimFeedforward });
  checkProbabilities(caller, { dropout });
}

/** A transformer's encoder layer, where the positions are added to queries and keys, not values; with DETR's names. */
export class DetrEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;

  constructor(dModel: number, nhead: number, options: DetrLayerOptions) {
    super();
    checkDetrLayer("DetrEncoderLayer", dModel, nhead, options);
    const { rng, dimFeedforward = 2048, dropout = 0.1 } = options;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { rng, dropout });
    this.linear1 = new Linear(dModel, dimFeedforward, { rng });
    this.dropout = new Dropout(dropout, { rng });
    this.linear2 = new Linear(dimFeedforward, dModel, { rng });
    this.norm1 = new LayerNorm(dModel);
    this.norm2 = new LayerNorm(dModel);
    this.dropout1 = new Dropout(dropout, { rng });
    this.dropout2 = new Dropout(dropout, { rng });
  }

  /**
   * @param x `[batch, position, feature]`
   * @param positions of the shape of `x`
   * @param padding `[batch, position]` bool
   */
  forward(x: Tensor3D, positions: Tensor3D, padding: Tensor2D | null): Tensor3D {
    return tidy(() => {
      const query = add<Tensor3D>(x, positions);
      const attended = this.selfAttn.forward(query, { key: query, value: x, keyPaddingMask: padding });
      const y = this.norm1.forward(add<Tensor3D>(x, this.dropout1.forward(attended)));
      const hidden = this.dropout.forward(relu(this.linear1.forward(y)));
      return this.norm2.forward(add<Tensor3D>(y, this.dropout2.forward(this.linear2.forward(hidden))));
    });
  }
}

/** What the queries of a {@link DetrDecoderLayer} attend to. */
export interface DetrMemory {
  /** `[batch, position, feature]` */
  readonly memory: Tensor3D;
  /** Of the shape of the memory. */
  readonly positions: Tensor3D;
  /** `[batch, position]` bool. */
  readonly padding: Tensor2D | null;
}

/** A transformer's decoder layer, where the positions are added to queries and keys, not values; with DETR's names. */
export class DetrDecoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;

  constructor(dModel: number, nhead: number, options: DetrLayerOptions) {
    super();
    checkDetrLayer("DetrDecoderLayer", dModel, nhead, options);
    const { rng, dimFeedforward = 2048, dropout = 0.1 } = options;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { rng, dropout });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { rng, dropout });
    this.linear1 = new Linear(dModel, dimFeedforward, { rng });
    this.dropout = new Dropout(dropout, { rng });
    this.linear2 = new Linear(dimFeedforward, dModel, { rng });
    this.norm1 = new LayerNorm(dModel);
    this.norm2 = new LayerNorm(dModel);
    this.norm3 = new LayerNorm(dModel);
    this.dropout1 = new Dropout(dropout, { rng });
    this.dropout2 = new Dropout(dropout, { rng });
    this.dropout3 = new Dropout(dropout, { rng });
  }

  /**
   * @param x `[batch, query, feature]`
   * @param queryPositions of the shape of `x`
   */
  forward(x: Tensor3D, queryPositions: Tensor3D, { memory, positions, padding }: DetrMemory): Tensor3D {
    return tidy(() => {
      const own = add<Tensor3D>(x, queryPositions);
      const attended = this.selfAttn.forward(own, { key: own, value: x });
      const y = this.norm1.forward(add<Tensor3D>(x, this.dropout1.forward(attended)));
      const crossed = this.multiheadAttn.forward(add<Tensor3D>(y, queryPositions), {
        key: add<Tensor3D>(memory, positions),
        value: memory,
        keyPaddingMask: padding,
      });
      const z = this.norm2.forward(add<Tensor3D>(y, this.dropout2.forward(crossed)));
      const hidden = this.dropout.forward(relu(this.linear1.forward(z)));
      return this.norm3.forward(add<Tensor3D>(z, this.dropout3.forward(this.linear2.forward(hidden))));
    });
  }
}
