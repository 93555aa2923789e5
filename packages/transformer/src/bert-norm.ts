import type { TorchLayout } from "@pellucid/core-train";

/** The names of BERT's norms. Files that were converted from TensorFlow, as most on Hugging Face's hub, have gamma and beta. */
export const bertNorm: TorchLayout = {
  layerNorm: { name: "LayerNorm" },
  "layerNorm.weight": { aliases: ["gamma"] },
  "layerNorm.bias": { aliases: ["beta"] },
};
