import { mul, type Rank, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { initialized } from "../init/initialized.ts";
import type { Initializer } from "../init/initializer.ts";
import { normal } from "../init/normal.ts";
import { skipNormal } from "../init/skip-normal.ts";
import { zeros } from "../init/zeros.ts";
import type { Parameter } from "../module/parameter.ts";
import type { Embedding } from "../nn/embedding.ts";
import { embedding } from "../op/embedding.ts";
import { matMul } from "../op/mat-mul.ts";
import type { TorchLayout } from "../weights/torch-layout.ts";
import { type LoraSettings, LoraUpdate } from "./lora-update.ts";

/** The update of an embedding: the rows of `scaling · A B`, without dropout, as peft does it. */
export class EmbeddingUpdate extends LoraUpdate {
  readonly paddingIdx: number | null;
  /** `[row, rank]` */
  readonly loraEmbeddingA: Parameter<Rank.R2>;
  /** `[rank, feature]` */
  readonly loraEmbeddingB: Parameter<Rank.R2>;

  constructor({ numEmbeddings, embeddingDim, paddingIdx }: Embedding, settings: LoraSettings) {
    super(settings);
    const { rank, rng } = settings;
    const [rows, features] = [
      [rank, numEmbeddings],
      [embeddingDim, rank],
    ] as const;
    const drawTwice: Initializer = (shape, own) => {
      skipNormal()(rows, own);
      skipNormal()(features, own);
      return normal()(shape, own);
    };
    this.paddingIdx = paddingIdx;
    this.loraEmbeddingA = initialized(rows, zeros(), rng, [1, 0]);
    this.loraEmbeddingB = initialized(features, drawTwice, rng, [1, 0]);
  }

  get torchLayout(): TorchLayout {
    return {
      loraEmbeddingA: { name: "lora_embedding_A", axes: [1, 0] },
      loraEmbeddingB: { name: "lora_embedding_B", axes: [1, 0] },
    };
  }

  /** @param indices int32, of any shape */
  forward(indices: Tensor): Tensor {
    return tidy(() => {
      const { paddingIdx, loraEmbeddingA, loraEmbeddingB } = this;
      const reduced = embedding(indices, loraEmbeddingA, { paddingIdx }); // [..., rank]
      return mul(matMul(reduced, loraEmbeddingB), this.scaling); // [..., feature]
    });
  }

  factors(): ReturnType<LoraUpdate["factors"]> {
    return {
      lora_embedding_A: { tensor: this.loraEmbeddingA, axes: [1, 0] },
      lora_embedding_B: { tensor: this.loraEmbeddingB, axes: [1, 0] },
    };
  }

  deltaWeight(): Tensor {
    return tidy(() => mul(matMul(this.loraEmbeddingA, this.loraEmbeddingB), this.scaling)); // [row, feature]
  }
}
