import { add, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { checkPositive, checkProbabilities, checkRng, checkSizes } from "../check-values.ts";
import { didYouMean } from "../did-you-mean.ts";
import { freeze } from "../module/freeze.ts";
import type { Module } from "../module/module.ts";
import { OptionError } from "../option-error.ts";
import { refuseForeignOptions } from "../refuse-foreign-options.ts";
import type { Rng } from "../rng/rng.ts";
import { torchPaths } from "../weights/torch-paths.ts";
import { type Adaptable, isAdaptable, makeUpdate, updateOf } from "./adapted-layer.ts";
import { LoraError } from "./lora-error.ts";
import type { LoraUpdate } from "./lora-update.ts";

/** Options for {@link applyLora}. Names and defaults are those of peft's `LoraConfig`, where `rank` is `r`. */
export interface LoraOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /**
   * The layers: the last part of a path or several (`"cAttn"`, `"attn.cProj"`, `"h.0.attn.cAttn"`), in our names or PyTorch's.
   */
  readonly targets: readonly string[];
  /** The rank of an update. Default: 8. */
  readonly rank?: number;
  /** An update is scaled by `alpha / rank`. Default: 8. */
  readonly alpha?: number;
  /** The probability that dropout zeroes an element of an update's input in training. Default: 0. */
  readonly dropout?: number;
  /** Whether an update is scaled by `alpha / √rank` instead. Default: false. */
  readonly useRslora?: boolean;
}

/**
 * Freezes a model and adds a trainable update of low rank to the weight of each target: `y = x W + (α / r) · x A B`.
 *
 * ```ts
 * applyLora(model, { rank: 8, alpha: 16, targets: ["cAttn"], rng });
 * const optimizer = new Optimizer(adamw({ learningRate: 1e-3 }), trainable(model)); // A and B only
 * ```
 *
 * Hu et al., 2021. LoRA: low-rank adaptation of large language models. https://arxiv.org/abs/2106.09685
 *
 * Targets are {@link Linear}, {@link Embedding} and convolutions. `B` starts at 0, so that the model computes what it did; of an
 * embedding `A` does. A seed gives the initial values of Hugging Face's peft. The model's own entries keep their names, and
 * {@link loadWeights} still loads its files; the update of a layer is its field `lora`.
 *
 * @returns the paths of the layers that have an update now
 * @throws {OptionError} If an option is unknown or has a wrong value.
 * @throws {LoraError} If a target names no layer, or one that cannot have an update; the model has not changed.
 */
export function applyLora(model: Module, options: LoraOptions): readonly string[] {
  checkRng("applyLora", options);
  refuseForeignOptions("applyLora", options, { r: "rank", targetModules: "targets" });
  checkOptions("applyLora", options, ["rng", "targets", "rank", "alpha", "dropout", "useRslora"]);
  const { rng, rank = 8, alpha = 8, dropout = 0, useRslora = false } = options;
  checkSizes("applyLora", { rank });
  checkPositive("applyLora", { alpha });
  checkProbabilities("applyLora", { dropout });
  const layers = layersFor(model, options.targets, rank);
  const settings = { rank, alpha, dropout, useRslora, rng };
  freeze(model);
  for (const [, layer] of layers) attach(layer, makeUpdate(layer, settings));
  return layers.map(([path]) => path);
}

/** The layers that are meant by `targets`, in the order of the model. */
export function layersFor(
  model: Module,
  targets: readonly string[],
  rank: number,
): readonly (readonly [path: string, layer: Adaptable])[] {
  if (!Array.isArray(targets) || targets.length === 0)
    throw new OptionError(
      "applyLora",
      "targets",
      JSON.stringify(targets),
      'names of layers, such as ["cAttn"]',
    );
  const theirs = torchPaths(model);
  const modules = [...model.namedModules()];
  const isMeant = (target: string, path: string, module: Module): boolean =>
    [path, theirs.get(module) ?? path].some((name) => name === target || name.endsWith(`.${target}`));
  const paths = modules.map(([path]) => path);
  const wrong = targets
    .filter((target) => !modules.some(([path, module]) => isMeant(target, path, module)))
    .map((target) => `there is no layer ${target}${didYouMean(target, lastParts(paths), "")}`);
  const layers: (readonly [string, Adaptable])[] = [];
  for (const [path, module] of modules) {
    if (!targets.some((target) => isMeant(target, path, module))) continue;
    const why = whyNot(module, rank);
    if (why !== null) wrong.push(`${path} ${why}`);
    else if (isAdaptable(module)) layers.push([path, module]);
  }
  if (wrong.length > 0) {
    throw new LoraError(
      `applyLora: ${wrong.join("; ")}. Targets are Linear, Embedding, Conv1d, Conv2d and Conv3d layers of ${model.constructor.name}.`,
    );
  }
  return layers;
}

/** Why a layer cannot have an update. */
function whyNot(layer: Module, rank: number): string | null {
  if (!isAdaptable(layer)) return `is a ${layer.constructor.name}`;
  if (updateOf(layer) !== null) return "has an update already";
  if (Object.hasOwn(layer, "forward")) return "is intercepted at present";
  if ("groups" in layer && rank % layer.groups !== 0)
    return `has ${layer.groups} groups, which do not divide the rank ${rank}`;
  return null;
}

function attach(layer: Adaptable, update: LoraUpdate): void {
  const forward = layer.forward.bind(layer) as (x: Tensor) => Tensor;
  Object.defineProperty(layer, "lora", { value: update, configurable: true, enumerable: true });
  Object.defineProperty(layer, "forward", {
    value: (x: Tensor): Tensor =>
      update.merged ? forward(x) : tidy(() => add(forward(x), update.forward(x))),
    configurable: true,
    writable: true,
  });
}

function lastParts(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.slice(path.lastIndexOf(".") + 1)))];
}
