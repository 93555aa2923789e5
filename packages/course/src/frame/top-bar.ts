import { html } from "../../../interpret/src/draw/element-of.ts";
import { type LessonName, lessonNumber } from "./lesson-order.ts";

/** What the head of a lesson says. */
export interface Heading {
  readonly name: LessonName;
  readonly question: string;
  readonly lead: string;
  readonly goal: string;
}

const isDark = () =>
  (document.documentElement.style.colorScheme ||
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

/** The head of a lesson: where it is in the course, the question, what you can do, and two buttons. */
export function topBar({ name, question, lead, goal }: Heading): HTMLElement {
  const link = html("button", { type: "button" }, "Copy link");
  link.addEventListener("click", () => {
    setTimeout(() => {
      void navigator.clipboard.writeText(location.href).then(() => {
        link.textContent = "Copied";
        setTimeout(() => (link.textContent = "Copy link"), 1500);
      });
    }, 550); // after the address has been written
  });
  const theme = html("button", { type: "button", "aria-pressed": String(isDark()) }, "Dark");
  theme.addEventListener("click", () => {
    document.documentElement.style.colorScheme = isDark() ? "light" : "dark";
    theme.setAttribute("aria-pressed", String(isDark()));
  });
  return html(
    "header",
    { class: "top" },
    html("p", { class: "kicker" }, lessonNumber(name)),
    html("div", { class: "tools" }, link, theme),
    html("h1", {}, question),
    html("p", { class: "lead" }, lead),
    html("p", { class: "goal" }, html("b", {}, "Afterwards you can "), goal),
  );
}
