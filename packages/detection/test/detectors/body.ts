import {
  type Backbone,
  Conv2d,
  type FeatureMaps,
  type Layer,
  Module,
  ReLU,
  type Rng,
  Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

type Block = Sequential<readonly Layer<Tensor4D, Tensor4D>[]>;

/** A few strided convolutions; the fixture's `Body`. */
export class Body extends Module implements Backbone {
  readonly stem: Block;
  readonly layer1: Block;
  readonly layer2: Block;
  readonly layer3?: Block;
  readonly layer4?: Block;
  readonly maps;

  constructor(channels: readonly number[], rng: Rng) {
    super();
    const block = (i: number): Block =>
      new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(
        new Conv2d(channels[i - 1] ?? 3, channels[i] as number, 3, { rng, stride: 2, padding: 1 }),
        new ReLU(),
      );
    this.stem = block(0);
    this.layer1 = block(1);
    this.layer2 = block(2);
    if (channels.length > 3) this.layer3 = block(3);
    if (channels.length > 4) this.layer4 = block(4);
    this.maps = channels.slice(1).map((own, i) => ({ name: `${i}`, channels: own, stride: 4 * 2 ** i }));
  }

  forward(images: Tensor4D): FeatureMaps {
    return tidyLeaves(() => {
      let x = this.stem.forward(images); // [batch, height / 2, width / 2, channel]
      const blocks = [this.layer1, this.layer2, this.layer3, this.layer4].filter(
        (block) => block !== undefined,
      );
      return Object.fromEntries(blocks.map((block, i) => [`${i}`, (x = block.forward(x))])); // halved each
    });
  }
}

/** The maps of a body under the name `body`, as the fixture's `Maps`. */
export class Maps extends Module implements Backbone {
  readonly body: Body;
  readonly maps;

  constructor(rng: Rng) {
    super();
    this.body = new Body([4, 6, 8], rng);
    this.maps = this.body.maps;
  }

  forward(images: Tensor4D): FeatureMaps {
    return this.body.forward(images);
  }
}
