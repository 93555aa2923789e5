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

/** The same on the host. */
export interface TokensValues {
  readonly texts: readonly string[];
  readonly numbers: Values;
}

/** `<pellucid-tokens>`: a text with a number for each token as the color behind it. */
export class PellucidTokens extends DrawnElement<TokensData, TokensOptions, TokensValues> {
  protected override async read({ texts, numbers }: TokensData): Promise<TokensValues> {
    return { texts, numbers: await readValues(numbers) };
  }

  protected override draw(
    { texts, numbers }: TokensValues,
    options: Untitled<TokensOptions> & DrawingOptions,
  ): HTMLElement {
    return tokens(texts, numbers, options);
  }
}
