import type { Tensor } from "@tensorflow/tfjs-core";

/** The value of a metric for one batch. */
export async function measureOnce<Result>(
  metric: { update(prediction: Tensor, target: Tensor): Promise<void>; compute(): Result },
  prediction: Tensor,
  target: Tensor,
): Promise<Result> {
  await metric.update(prediction, target);
  return metric.compute();
}
