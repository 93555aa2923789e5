import {
  type Buffer,
  checkArguments,
  checkRecord,
  type HostTensor,
  type Layer,
  Module,
  OptionError,
  stateBuffer,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, broadcastTo, div, exp, mul, neg, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";
import { sumPerExample } from "./sum-per-example.ts";

type Net = Module & Layer<Tensor, Tensor>;

/**
 * Scales and shifts the part of an example that a mask hides, by what two networks say of the part that it shows: `y = m x + (1 − m) (x e^s + t)`, with
 * `s` and `t` of `m x`. As the shown part stays, it is inverted without inverting the networks, and the determinant is `Σ (1 − m) s`.
 *
 * Dinh, Sohl-Dickstein and Bengio, 2016, eq. 9. https://arxiv.org/abs/1605.08803. Without `scale`, it is additive and keeps volumes: NICE. Dinh,
 * Krueger and Bengio, 2014. https://arxiv.org/abs/1410.8516
 */
export class AffineCoupling extends Module implements Bijection, Layer<Tensor, Transformed> {
  /** 1 where an example is shown to the networks, 0 where it changes. Of the shape of one example, or broadcasting to it. */
  readonly mask: Buffer;
  /** From the shown part to `s`; with a bounded last layer training is stable. */
  readonly scale: Net | null;
  /** From the shown part to `t`. */
  readonly shift: Net;

  /**
   * @throws {StructError} For a mask or nets of another kind.
   * @throws {OptionError} For a mask of other numbers than 0 and 1.
   */
  constructor(
    mask: HostTensor | readonly number[],
    nets: { readonly scale: Net | null; readonly shift: Net },
  ) {
    super();
    if (!Array.isArray(mask)) checkRecord("AffineCoupling", "mask", mask, ["data", "shape"]);
    const { data, shape } = "data" in mask ? mask : { data: mask, shape: [mask.length] };
    checkArguments("AffineCoupling", {
      numbers: { mask: data },
      "size[]": { shape },
      "{ scale, shift }": { nets },
    });
    const wrong = [...data].find((value) => value !== 0 && value !== 1);
    if (wrong !== undefined) throw new OptionError("AffineCoupling", "mask", wrong, "0 or 1 everywhere");
    this.mask = stateBuffer({ data: Float32Array.from(data), shape });
    this.scale = nets.scale;
    this.shift = nets.shift;
  }

  /** @param x `[batch, …]`, to which the mask broadcasts */
  forward(x: Tensor): Transformed {
    return tidyLeaves(() => {
      const { s, t, logDet } = this.#conditions(x);
      return { output: add(mul(x, exp(s)), t), logDet };
    });
  }

  /** @param y `[batch, …]`, to which the mask broadcasts */
  inverse(y: Tensor): Transformed {
    return tidyLeaves(() => {
      const { s, t, logDet } = this.#conditions(y);
      return { output: div(sub(y, t), exp(s)), logDet: neg(logDet) };
    });
  }

  /** `s` and `t`, 0 where the mask shows. */
  #conditions(x: Tensor) {
    const shown = mul(x, this.mask); //                                    [batch, …]
    const hidden = sub(1, this.mask);
    const t = mul(this.shift.forward(shown), hidden); //                   [batch, …]
    const s = this.scale === null ? mul(t, 0) : mul(this.scale.forward(shown), hidden);
    return { s, t, logDet: sumPerExample(broadcastTo(s, x.shape)) };
  }
}
