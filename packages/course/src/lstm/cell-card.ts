import { short, signed } from "@pellucid/interpret/parts/number-text";
import { html } from "../../../interpret/src/draw/element-of.ts";
import { cellByHand, type Inside } from "./program.ts";

/** How much a gate is open, as a ring from 0 to 1. */
function dial(name: string, does: string, value: number): HTMLElement {
  const ring = html("span", { class: "ring", role: "img", "aria-label": `${name} ${short(value)}` });
  ring.style.setProperty("--open", `${(100 * value).toFixed(1)}%`);
  ring.append(html("b", {}, short(value)));
  return html("div", { class: "dial" }, ring, html("span", {}, html("b", {}, name), html("br"), does));
}

/** One cell at one letter: three gates as dials, and the two sums taken apart. */
export function cellCard(inside: Inside, letter: number, cell: number): HTMLElement {
  const at = (rows: readonly Float32Array[], t = letter) => rows[t]?.[cell] ?? 0;
  const made = cellByHand(inside, letter, cell);
  const strong = (text: string) => html("b", {}, text);
  return html(
    "div",
    { class: "cell-card" },
    html(
      "div",
      { class: "dials" },
      dial("forget gate", "keeps this share", at(inside.f)),
      dial("input gate", "lets this share in", at(inside.i)),
      dial("output gate", "shows this share", at(inside.o)),
    ),
    html(
      "p",
      { class: "sum-line" },
      `forget ${short(at(inside.f))} × old ${short(at(inside.c, letter - 1))} = `,
      strong(signed(made.kept)),
      `,  input ${short(at(inside.i))} × candidate ${short(at(inside.g))} = `,
      strong(signed(made.added)),
    ),
    html(
      "p",
      { class: "sum-line" },
      "new cell state ",
      strong(signed(made.kept)),
      " ",
      strong(signed(made.added)),
      " = ",
      strong(short(made.c)),
    ),
    html(
      "p",
      { class: "sum-line" },
      `output ${short(at(inside.o))} × tanh(${short(made.c)}) = hidden state `,
      strong(short(made.h)),
    ),
  );
}
