import { supportFunctions } from "./support.ts";

/** What a file is made of. */
export interface ModelFile {
  /** The class of the model. */
  readonly name: string;
  readonly classes: string;
  /** The functions at its top. */
  readonly supports: readonly string[];
  readonly hasTables: boolean;
  readonly hasImages: boolean;
}

/** `model.py` */
export function modelFile({ name, classes, supports, hasTables, hasImages }: ModelFile): string {
  const needsF = /\bF\./.test(classes);
  const needsTorch = /\btorch\./.test(classes) || supports.length > 0;
  const standard = hasTables ? ["from pathlib import Path", ""] : [];
  const imports = [
    ...(needsTorch ? ["import torch"] : []),
    ...(needsF ? ["import torch.nn.functional as F"] : []),
    ...(hasTables ? ["from safetensors.torch import load_file"] : []),
    "from torch import nn",
  ];
  const tables = hasTables
    ? ['TABLES = load_file(Path(__file__).with_name("tables.safetensors"))', "", ""]
    : [];
  const functions = supports.flatMap((support) => [supportFunctions[support] as string, "", ""]);
  return [
    ...(hasImages
      ? [`"""${name}, written by Pellucid.`, "", "Images are [batch, channel, height, width].", '"""']
      : [`"""${name}, written by Pellucid."""`]),
    "",
    ...standard,
    ...imports,
    ...(hasTables ? [""] : ["", ""]),
    ...tables,
    ...functions,
    classes,
    "",
  ].join("\n");
}
