import { tokens } from "../src/parts/tokens.ts";
import css from "./lab.css?inline";

let isThere = false;

/** Gives the page the style sheet of stories, once: the colors and sizes of the parts, and the frame. It is constructed, which is allowed under every `style-src`. */
export function labStyle(): void {
  if (isThere) return;
  isThere = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${tokens}\n${css}`);
  document.adoptedStyleSheets.push(sheet);
}
