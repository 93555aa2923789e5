import type { LoraOptions } from "./apply-lora.ts";
import { LoraError } from "./lora-error.ts";

/** What plain LoRA has under these names; anything else asks for a variant, which the numbers would not show. */
const plain: Readonly<Record<string, readonly unknown[]>> = {
  peft_type: ["LORA"],
  bias: ["none", undefined],
  use_dora: [false, undefined],
  lora_bias: [false, undefined],
  use_qalora: [false, undefined],
  use_bdlora: [null, false, undefined],
  modules_to_save: [null, undefined],
  layer_replication: [null, undefined],
  layers_to_transform: [null, undefined],
  exclude_modules: [null, undefined],
  target_parameters: [null, undefined],
  trainable_token_indices: [null, undefined],
  alora_invocation_tokens: [null, undefined],
  arrow_config: [null, undefined],
  kasa_config: [null, undefined],
  monteclora_config: [null, undefined],
  velora_config: [null, undefined],
  megatron_config: [null, undefined],
};

/**
 * Reads peft's `adapter_config.json`.
 *
 * @throws {LoraError} If it is malformed or describes something else than LoRA with one rank.
 */
export function readLoraConfig(text: string): Required<Omit<LoraOptions, "rng">> {
  const config = parse(text);
  for (const [name, allowed] of Object.entries(plain))
    if (!allowed.includes(config[name])) throw wrong(name, config[name], JSON.stringify(allowed[0]));
  for (const name of ["rank_pattern", "alpha_pattern"])
    if (Object.keys(Object(config[name] ?? {}) as object).length > 0) throw wrong(name, config[name], "{}");
  const { target_modules: targets, use_rslora: useRslora = false } = config;
  const isList =
    Array.isArray(targets) && targets.length > 0 && targets.every((name) => typeof name === "string");
  if (!isList) throw wrong("target_modules", targets, "a list of names of layers");
  if (typeof useRslora !== "boolean") throw wrong("use_rslora", useRslora, "true or false");
  const rank = numberIn(config, "r", (n) => Number.isInteger(n) && n > 0, "an integer above 0");
  const alpha = numberIn(config, "lora_alpha", (n) => n > 0 && n < Infinity, "a number above 0");
  const dropout = numberIn(config, "lora_dropout", (n) => n >= 0 && n <= 1, "a probability, 0 to 1");
  return { targets: targets as readonly string[], rank, alpha, dropout, useRslora };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null && !Array.isArray(config))
      return config as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new LoraError("loadLora: adapter_config.json is not JSON.", { cause });
  }
  throw new LoraError("loadLora: adapter_config.json is not an object.");
}

function numberIn(
  config: Readonly<Record<string, unknown>>,
  name: string,
  holds: (n: number) => boolean,
  expected: string,
): number {
  const value = config[name];
  if (typeof value === "number" && holds(value)) return value;
  throw wrong(name, value, expected);
}

function wrong(name: string, value: unknown, expected: string): LoraError {
  return new LoraError(
    `loadLora: ${name} of adapter_config.json is ${JSON.stringify(value) ?? "missing"}, expected ${expected}.`,
  );
}
