import { percent } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";

/** What the network predicts, in a sentence. */
export function answerSentence(
  probabilities: Float32Array,
  empty: boolean,
  guessed: number | null,
): (Node | string)[] {
  const order = Array.from(probabilities.keys()).toSorted(
    (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0),
  );
  const [first = 0, second = 1] = order;
  const p = probabilities[first] ?? 0;
  const opening = empty
    ? "Nothing is drawn, and it still has to answer: "
    : p > 0.9
      ? "Prediction: "
      : p > 0.6
        ? "Probably a "
        : "Not sure. The best guess is a ";
  return [
    ...(guessed === null
      ? []
      : [guessed === first ? `Your guess ${guessed} is right. ` : `Your guess was ${guessed}. `]),
    opening,
    html("b", {}, String(first)),
    ` (${percent(p)}). `,
    html("span", { class: "second" }, `Second: ${second} (${percent(probabilities[second] ?? 0)}).`),
  ];
}
