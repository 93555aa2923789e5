import { add, exp, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { drawn } from "../compile/drawn.ts";
import { permute } from "../host-tensor.ts";
import { channelsFirst, channelsLast } from "../nn/channels-first.ts";
import type { Rng } from "../rng/rng.ts";
import type { Gaussian } from "./gaussian-kl.ts";
import { checkRecord } from "../check-record.ts";
import { checkRng } from "../check-values.ts";
import { checkSameShape } from "../check-same-shape.ts";

/**
 * Draws from normal distributions so that the gradient reaches their mean and variance: `μ + σ ε` with standard normal `ε`, drawn
 * on the host in PyTorch's order, as `torch.randn_like` draws it.
 * Kingma and Welling, 2013, section 2.4. https://arxiv.org/abs/1312.6114
 *
 * @returns the shape of the mean
 */
export function reparameterize(gaussian: Gaussian, options: { readonly rng: Rng }): Tensor {
  checkRecord("reparameterize", "the distribution", gaussian, ["mean", "logVariance"]);
  checkRng("reparameterize", options);
  const { mean, logVariance } = gaussian;
  checkSameShape("reparameterize", { mean, logVariance });
  const theirs = channelsFirst(mean.rank).map((axis) => mean.shape[axis] ?? 0);
  const last = channelsLast(mean.rank);
  return tidy(() =>
    add(
      mean,
      mul(
        exp(mul(0.5, logVariance)),
        drawn(() => permute(options.rng.randn(theirs), last)),
      ),
    ),
  );
}
