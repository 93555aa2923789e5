import { html } from "../../../interpret/src/draw/element-of.ts";
import { lessons } from "../frame/lesson-order.ts";

/** A card for each lesson of the course, and how to install the packages. */
export function lessonCards(): HTMLElement {
  const cards = lessons()
    .filter(({ name }) => name !== "start")
    .map(({ id, title, chapter, asks }) =>
      html(
        "li",
        {},
        html(
          "a",
          { href: `./?path=/story/${id}`, target: "_top" },
          html("span", { class: "chapter" }, chapter),
          html("b", {}, title),
          html("span", { class: "asks" }, asks),
        ),
      ),
    );
  const line = "npm install @pellucid/backends @pellucid/core-train @pellucid/cnn @pellucid/interpret";
  const copy = html("button", { type: "button", class: "pill" }, "Copy");
  copy.addEventListener("click", () => {
    void navigator.clipboard.writeText(line).then(() => (copy.textContent = "Copied"));
  });
  return html(
    "section",
    { class: "block", "aria-label": "The course" },
    html("h2", { class: "large" }, "The course"),
    html("ul", { class: "lesson-cards" }, ...cards),
    html("p", { class: "install" }, html("code", {}, line), copy),
  );
}
