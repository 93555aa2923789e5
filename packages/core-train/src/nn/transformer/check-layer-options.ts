import { checkNotNegative, checkProbabilities, checkRng, checkSizes } from "../../check-values.ts";
import { headSize } from "../attention/heads.ts";
import type { TransformerLayerOptions } from "./transformer-encoder-layer.ts";

/** @throws {OptionError} If options of a transformer layer are invalid, before it creates a parameter. */
export function checkLayerOptions(
  caller: string,
  dModel: number,
  nhead: number,
  options: TransformerLayerOptions,
): void {
  checkRng(caller, options);
  const { dimFeedforward = 2048, dropout = 0.1, layerNormEps = 1e-5 } = options;
  checkSizes(caller, { dModel, nhead, dimFeedforward });
  headSize(caller, dModel, nhead);
  checkProbabilities(caller, { dropout });
  checkNotNegative(caller, { layerNormEps });
}
