import {
  type AddressCodec,
  integerText,
  numberText,
  plainText,
} from "@pellucid/interpret/parts/keep-address";

/** What is selected on the page. */
export interface GptState {
  readonly text: string;
  /** The chosen token, from 0. */
  readonly at: number;
  /** The head whose arcs are drawn: heads of layer 1 first. */
  readonly head: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
}

export const start: GptState = {
  text: "I will not speak to the k",
  at: 24,
  head: 0,
  temperature: 1,
  topK: 67,
  topP: 1,
};

/** What the address keeps. */
export const gptAddress: AddressCodec<GptState> = {
  text: plainText(64),
  at: integerText(63),
  head: integerText(7),
  temperature: numberText(0.1, 2),
  topK: integerText(67),
  topP: numberText(0.05, 1),
};
