import { checkArguments } from "@pellucid/core-train";

const table: readonly (readonly [hub: RegExp, name: string])[] = [
  [/^segformer\.encoder\.patch_embeddings\.(\d+)\./, "segformer.stages.$1.patch_embeddings."],
  [/^segformer\.encoder\.block\.(\d+)\.(\d+)\./, "segformer.stages.$1.blocks.$2."],
  [/^segformer\.encoder\.layer_norm\.(\d+)\./, "segformer.stages.$1.layer_norm."],
  [/\.layer_norm_1\./, ".layernorm_before."],
  [/\.layer_norm_2\./, ".layernorm_after."],
  [/\.attention\.self\.query\./, ".attention.q_proj."],
  [/\.attention\.self\.key\./, ".attention.k_proj."],
  [/\.attention\.self\.value\./, ".attention.v_proj."],
  [/\.attention\.self\.sr\./, ".attention.sequence_reduction.sequence_reduction."],
  [/\.attention\.self\.layer_norm\./, ".attention.sequence_reduction.layer_norm."],
  [/\.attention\.output\.dense\./, ".attention.o_proj."],
  [/\.mlp\.dense1\./, ".mlp.fc1."],
  [/\.mlp\.dense2\./, ".mlp.fc2."],
  [/^decode_head\.linear_c\.(\d+)\./, "decode_head.linear_projections.$1."],
];

/**
 * The name in today's transformers of an entry of a SegFormer file of the Hugging Face hub, whose names are older. For `loadWeights`:
 *
 * ```ts
 * loadWeights(model, bytes, { rename: segformerHubNames });
 * ```
 *
 * @throws {StructError} for what is not a text
 */
export function segformerHubNames(name: string): string {
  checkArguments("segformerHubNames", { text: { name } });
  return table.reduce((current, [hub, now]) => current.replace(hub, now), name);
}
