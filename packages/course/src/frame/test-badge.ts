import { html } from "../../../interpret/src/draw/element-of.ts";

/** A badge that waits for a test, and says how it went. */
export function testBadge(waiting = "testing …"): HTMLElement {
  return html("p", { class: "badge" }, waiting);
}

/** Says in a badge what a test has found, and whether it passed. */
export function markBadge(badge: HTMLElement, passed: boolean, text: string): void {
  badge.classList.toggle("passed", passed);
  badge.classList.toggle("failed", !passed);
  badge.textContent = text;
}

/** Lets a badge wait again. */
export function resetBadge(badge: HTMLElement, waiting: string): void {
  badge.classList.remove("passed", "failed");
  badge.textContent = waiting;
}
