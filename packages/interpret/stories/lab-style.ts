import { html } from "../src/draw/element-of.ts";
import { tokens } from "../src/parts/tokens.ts";
import css from "./lab.css?raw";

/** Puts the style sheet of stories into the page, once: the colors and sizes of the parts, and the frame. */
export function labStyle(): void {
  if (document.getElementById("pellucid-lab") !== null) return;
  document.head.append(html("style", { id: "pellucid-lab" }, `${tokens}\n${css}`));
}
