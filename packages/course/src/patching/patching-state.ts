import { type AddressCodec, integerText, plainText } from "@pellucid/interpret/parts/keep-address";
import { characters } from "../../../interpret/stories/nets/plays.ts";

/** What is selected on the page. */
export interface PatchingState {
  readonly text: string;
  /** Which letter is changed, from 0, and into what. */
  readonly at: number;
  readonly letter: string;
  /** The patched cell. */
  readonly site: number;
  readonly time: number;
}

/** The most letters of a text. */
export const longest = 24;
/** The text that the page begins with. */
export const start: PatchingState = { text: "I love thee wit", at: 12, letter: "x", site: 3, time: 14 };
/** The state in the address of the page. */
export const address: AddressCodec<PatchingState> = {
  text: plainText(longest),
  at: integerText(longest - 1),
  letter: plainText(1),
  site: integerText(6),
  time: integerText(longest - 1),
};
/** The letter of each token. */
export const names = Array.from({ length: characters.size }, (_, i) => characters.decode([i]));
/** The parts of the network whose output is put in. */
export const siteNames = [
  "input",
  "attention 1",
  "MLP 1",
  "after layer 1",
  "attention 2",
  "MLP 2",
  "after layer 2",
];
/** The letters of a text that the network knows. */
export const known = (text: string): string =>
  Array.from(text)
    .filter((letter) => names.includes(letter) && letter !== "\n")
    .slice(0, longest)
    .join("");
/** A letter that can be seen. */
export const visible = (letter: string): string => (letter === " " ? "␣" : letter === "\n" ? "↵" : letter);
/** The text with its changed letter. */
export const changedText = ({ text, at, letter }: PatchingState): string =>
  text.slice(0, at) + letter + text.slice(at + 1);
