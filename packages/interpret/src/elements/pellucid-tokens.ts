import type { DrawingOptions } from "../draw/figure.ts";
import { tokens, type TokensOptions } from "../draw/tokens.ts";
import { readValues, type Values } from "../draw/values.ts";
import type { Tensor } from "@tensorflow/tfjs-core";
import { DrawnElement, type Untitled } from "./drawn-element.ts";

/** A text, and a number for each of its tokens. */
export interface TokensData {
  readonly texts: readonly string[];
  /** `[time]`, on the host or on a graphics card. */
  readonly numbers: Tensor | Values;
}

/** `<pellucid-tokens>`: a text with a number for each token as the color behind it. */
export class PellucidTokens extends DrawnElement<TokensData, TokensOptions> {
  protected override async draw(
    { texts, numbers }: TokensData,
    options: Untitled<TokensOptions> & DrawingOptions,
  ): Promise<HTMLElement> {
    return tokens(texts, await readValues(numbers), options);
  }
}
