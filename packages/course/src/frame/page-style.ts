import { tokens } from "@pellucid/interpret/parts/tokens";
import css from "./lesson.css?inline";

const adopted = new Set<string>();

/** Gives the page the course's style sheet and those of a lesson, each once. They are constructed, which is allowed under every `style-src`. */
export function pageStyle(...styles: readonly string[]): void {
  for (const style of [tokens, css, ...styles]) {
    if (adopted.has(style)) continue;
    adopted.add(style);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets.push(sheet);
  }
}
