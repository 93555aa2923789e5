import { clone, dispose, keep, tidy, type Variable, zerosLike } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import type { Module } from "../module/module.ts";
import { training } from "../module/training.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "../nn/batch-norm.ts";
import { yieldToEventLoop } from "../train/yield-to-event-loop.ts";
import { checkModule } from "../check-callable.ts";

/**
 * Computes the statistics of every batch norm in `model` anew, as the plain average over the batches of `data`: needed after weights
 * were averaged. PyTorch's `update_bn`. When it throws, nothing has changed.
 *
 * ```ts
 * averaged.apply();
 * await updateBatchNorm(model, batches(dataset, { size: 64 }));
 * ```
 */
export async function updateBatchNorm<In>(
  model: Module & Layer<In, unknown>,
  data: AsyncIterable<{ readonly x: In }> | Iterable<{ readonly x: In }>,
): Promise<void> {
  checkModule("updateBatchNorm", model);
  const norms = [...model.namedModules()].map(([, module]) => module).filter(isBatchNorm);
  if (norms.length === 0) return;
  const momenta = norms.map(({ momentum }) => momentum);
  const statistics = norms.flatMap((norm) => [...norm.namedBuffers()].map(([, each]) => each));
  const before = statistics.map((each) => keep(clone(each)));
  try {
    tidy(() => {
      for (const norm of norms) {
        norm.momentum = null; // the plain average
        norm.numBatchesTracked?.assign(zerosLike(norm.numBatchesTracked));
      }
    });
    for await (const { x } of data) {
      tidy(() => {
        training(model, () => {
          model.forward(x);
        });
      });
      await yieldToEventLoop();
    }
  } catch (error) {
    for (const [i, each] of statistics.entries()) each.assign(before[i] as Variable);
    throw error;
  } finally {
    for (const [i, norm] of norms.entries()) norm.momentum = momenta[i] as number | null;
    dispose(before);
  }
}

function isBatchNorm(module: Module): module is BatchNorm1d | BatchNorm2d | BatchNorm3d {
  return module instanceof BatchNorm1d || module instanceof BatchNorm2d || module instanceof BatchNorm3d;
}
