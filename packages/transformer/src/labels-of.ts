import { PretrainedConfig } from "@pellucid/core-train";

/** The number of classes and the padding token of a `config.json`; Hugging Face's default is two classes. */
export function labelsOf(
  caller: string,
  json: object,
): { readonly numLabels: number; readonly padTokenId: number | null } {
  const config = new PretrainedConfig(caller, json);
  const labels = config.value("id2label");
  return {
    numLabels:
      typeof labels === "object" && labels !== null
        ? Object.keys(labels).length
        : config.size("num_labels", 2),
    padTokenId: config.has("pad_token_id") ? config.number("pad_token_id") : null,
  };
}
