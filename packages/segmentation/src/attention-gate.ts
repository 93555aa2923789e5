import {
  BatchNorm2d,
  checkRng,
  checkSizes,
  Conv2d,
  type HasTorchLayout,
  Module,
  relu,
  type Rng,
  Sequential,
  Sigmoid,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";

/**
 * Multiplies a skip connection by a number from 0 to 1 per pixel, which it computes from that map and from the decoder's:
 * `α = σ(ψ(relu(W_g g + W_x x)))`, `y = α x`. Each map is a 1×1 convolution with batch norm.
 *
 * `capture(gate.psi, body)` shows `α`. Oktay et al., 2018, eqs. 1–2. https://arxiv.org/abs/1804.03999
 */
export class AttentionGate extends Module implements HasTorchLayout {
  readonly wG: Sequential<readonly MapLayer[]>;
  readonly wX: Sequential<readonly MapLayer[]>;
  readonly psi: Sequential<readonly MapLayer[]>;

  /** @param interChannels channels of the sum */
  constructor(
    gateChannels: number,
    skipChannels: number,
    interChannels: number,
    options: { readonly rng: Rng },
  ) {
    super();
    checkRng("AttentionGate", options);
    checkSizes("AttentionGate", { gateChannels, skipChannels, interChannels });
    const { rng } = options;
    const pointwise = (from: number, to: number): MapLayer[] => [
      new Conv2d(from, to, 1, { rng }),
      new BatchNorm2d(to),
    ];
    this.wG = new Sequential<readonly MapLayer[]>(...pointwise(gateChannels, interChannels));
    this.wX = new Sequential<readonly MapLayer[]>(...pointwise(skipChannels, interChannels));
    this.psi = new Sequential<readonly MapLayer[]>(...pointwise(interChannels, 1), new Sigmoid());
  }

  get torchLayout(): TorchLayout {
    return { wG: { name: "W_g" }, wX: { name: "W_x" } };
  }

  /**
   * @param gate `[batch, height, width, gateChannels]`
   * @param skip `[batch, height, width, skipChannels]`
   * @returns the shape of `skip`
   */
  forward({ gate, skip }: { readonly gate: Tensor4D; readonly skip: Tensor4D }): Tensor4D {
    return tidy(() => {
      const both = relu(add<Tensor4D>(this.wG.forward(gate), this.wX.forward(skip))); // [batch, height, width, interChannels]
      return mul<Tensor4D>(skip, this.psi.forward(both)); //                             [batch, height, width, skipChannels]
    });
  }
}
