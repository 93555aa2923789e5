import { html } from "../../../interpret/src/draw/element-of.ts";

/** A program that a visitor can read and copy. */
export function codeBlock(program: string): HTMLElement {
  const copy = html("button", { type: "button" }, "Copy");
  copy.addEventListener("click", () => {
    void navigator.clipboard.writeText(program).then(() => (copy.textContent = "Copied"));
  });
  const pre = html(
    "pre",
    { tabindex: 0, role: "region", "aria-label": "TypeScript" },
    html("code", {}, program.trim()),
  );
  return html("div", { class: "code" }, copy, pre);
}
