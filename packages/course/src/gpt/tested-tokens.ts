import { percent } from "@pellucid/interpret/parts/number-text";
import { PellucidTokenStrip } from "@pellucid/interpret/parts/token-strip";
import { html, svg } from "../../../interpret/src/draw/element-of.ts";
import { methods, orders, type TestedTokens } from "./program.ts";

const texts: Readonly<Record<(typeof methods)[number], readonly [title: string, asks: string]>> = {
  rollout: ["Attention rollout", "Where does attention come from, over all layers?"],
  gradient: ["Gradient × embedding", "If this character's features faded a little, would the score drop?"],
  leaveOneOut: ["Leave one out", "How far does the probability fall without this character?"],
  vowels: ["Control: the vowels", "Never asks the model. Does the test catch it?"],
};

/** Explanations of one prediction, one strip each, with the test of each next to it. */
export function testedTokens(
  tokens: readonly string[],
  { tested, random }: { readonly tested: readonly TestedTokens[]; readonly random: readonly number[] },
): HTMLElement[] {
  return methods.map((name, i) => {
    const [title, asks] = texts[name];
    const { values, curve, beats } = tested[i] ?? { values: new Float32Array(), curve: [], beats: 0 };
    const strip = new PellucidTokenStrip();
    strip.setAttribute("label", title);
    strip.tokens = tokens;
    strip.values = values;
    strip.value = tokens.length - 1;
    const passed = beats === orders;
    const label = `The probability while characters are blanked: from ${percent(curve[0] ?? 0)} to ${percent(curve.at(-1) ?? 0)}`;
    const picture = svg("svg", {
      viewBox: "0 0 100 44",
      role: "img",
      "aria-label": label,
      preserveAspectRatio: "none",
      class: "curve",
    });
    picture.append(
      svg("path", { class: "random", d: lineOf(random, curve[0] ?? 1) }),
      svg("path", { class: "line", d: lineOf(curve, curve[0] ?? 1) }),
    );
    return html(
      "article",
      { class: name === "vowels" ? "tested control" : "tested" },
      html("div", { class: "about" }, html("h3", {}, title), html("p", {}, asks)),
      strip,
      html(
        "div",
        { class: "verdict" },
        picture,
        html(
          "p",
          { class: `badge ${passed ? "passed" : "failed"}` },
          `${passed ? "Passes" : "Fails"}: ${beats} of ${orders}`,
        ),
      ),
    );
  });
}

function lineOf(values: readonly number[], most: number): string {
  const last = Math.max(1, values.length - 1);
  return values
    .map(
      (v, i) =>
        `${i === 0 ? "M" : "L"}${((100 * i) / last).toFixed(1)} ${(42 - (40 * v) / Math.max(most, ...values)).toFixed(1)}`,
    )
    .join("");
}
