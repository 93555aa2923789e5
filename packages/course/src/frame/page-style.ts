import { html } from "../../../interpret/src/draw/element-of.ts";
import { tokens } from "@pellucid/interpret/parts/tokens";
import css from "./lesson.css?raw";

/** Puts the course's style sheet into the page, once. */
export function pageStyle(): void {
  if (document.getElementById("pellucid-course") !== null) return;
  document.head.append(html("style", { id: "pellucid-course" }, `${tokens}\n${css}`));
}
