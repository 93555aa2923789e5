import { html } from "../src/draw/element-of.ts";

/** One of several values, as they are or in words. */
export function select(
  values: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): HTMLSelectElement {
  return html("select", {}, ...values.map((value) => html("option", { value }, texts[value] ?? value)));
}

/** What is seen only when it is opened. */
export function fold(summary: string, ...inside: Node[]): HTMLElement {
  return html("details", {}, html("summary", {}, summary), ...inside);
}
