import { loadWeights } from "@pellucid/core-train";
import { html } from "../src/draw/element-of.ts";
import { drawingPad } from "./drawing-pad.ts";
import { type Example, fromFile, ownExample } from "./examples.ts";
import type { Subject } from "./nets/subject.ts";

/**
 * What visitors can bring: a drawing, a picture, weights.
 *
 * @param ask called with a picture, or with `null` when the weights change
 */
export function bring(
  of: Subject,
  about: "picture" | "net",
  ask: (example: Example | null) => void,
  fails: (error: unknown) => void,
): HTMLElement[] {
  const file = html("input", { type: "file", accept: "image/*" });
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined)
      void fromFile(chosen, of.shape).then((pixels) => ask(ownExample(pixels)), fails);
  });
  const weights = html("input", { type: "file", accept: ".safetensors" });
  weights.addEventListener("change", () => {
    const [chosen] = weights.files ?? [];
    if (chosen !== undefined)
      void chosen
        .arrayBuffer()
        .then((read) => loadWeights(of.model, read))
        .then(() => ask(null), fails);
  });
  const kind = of.shape[2] === 3 ? "Picture" : "Picture (light on a dark ground)";
  const picture = [
    drawingPad(of.shape, (pixels) => ask(ownExample(pixels))),
    html("label", {}, `${kind} `, file),
  ];
  return [
    ...(about === "picture" ? picture : []),
    html("label", {}, "Weights of this net (safetensors) ", weights),
  ];
}
