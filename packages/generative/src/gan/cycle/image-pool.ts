import { checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import { clone, concat, keep, slice, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link ImagePool}. */
export interface ImagePoolOptions {
  /** Random generator. */
  readonly rng: Rng;
}

/**
 * Generated images of earlier steps, which a discriminator sees again half of the time, so that it does not forget them.
 * Shrivastava et al., 2016, section 2.3. https://arxiv.org/abs/1612.07828; CycleGAN keeps 50.
 */
export class ImagePool {
  readonly size: number;
  readonly #rng: Rng;
  readonly #images: Tensor4D[] = [];

  constructor(size: number, options: ImagePoolOptions) {
    checkSizes("ImagePool", { size });
    checkRng("ImagePool", options);
    this.size = size;
    this.#rng = options.rng;
  }

  /**
   * Takes images, and returns as many: each is the same image, or with probability ½, once the pool is full, an earlier one, which it replaces.
   *
   * @param images `[batch, height, width, channel]`, borrowed
   */
  exchange(images: Tensor4D): Tensor4D {
    const [batch, ...rest] = images.shape;
    return tidy(() => {
      const returned = Array.from({ length: batch }, (_, i) => {
        const image = slice(images, [i, 0, 0, 0], [1, ...rest]);
        if (this.#images.length < this.size) {
          this.#images.push(keep(clone(image)));
          return image;
        }
        if ((this.#rng.rand([1]).data[0] ?? NaN) < 0.5) return image;
        const at = this.#rng.randint(0, this.size, [1]).data[0] ?? NaN;
        const earlier = this.#images[at] as Tensor4D;
        this.#images[at] = keep(clone(image));
        const copy = clone(earlier);
        earlier.dispose();
        return copy;
      });
      return concat(returned, 0);
    });
  }

  /** Frees the images. */
  dispose(): void {
    for (const image of this.#images.splice(0)) image.dispose();
  }
}
