import axe from "axe-core";
import { expect } from "vitest";
import { page } from "vitest/browser";
import { isTest } from "../packages/course/src/frame/in-tests.ts";
import { lessonOf } from "../packages/course/src/frame/lesson-page.ts";

interface Shift {
  readonly at: number;
  readonly value: number;
}

const shifts: Shift[] = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if ("value" in entry && "hadRecentInput" in entry && entry.hadRecentInput === false)
      shifts.push({ at: entry.startTime, value: Number(entry.value) });
}).observe({ type: "layout-shift", buffered: true });

const errors: unknown[] = [];
addEventListener("error", ({ error }) => errors.push(error));
addEventListener("unhandledrejection", ({ reason }) => errors.push(reason));

/** After the `play` of a lesson: axe finds nothing in light and dark, nothing is cut off at 390 pixels, what takes the focus has a name, nothing leaks, fails or jumps. */
export async function checkLesson(body: HTMLElement): Promise<void> {
  expect(isTest(), "or no play ran").toBe(true);
  const { leaked } = await lessonOf(body);
  const since = Number(body.querySelector<HTMLElement>(".lesson")?.dataset["since"]);
  const shifted = shifts.filter(({ at }) => at > since).reduce((sum, { value }) => sum + value, 0);
  expect(shifted, "layout shift").toBeLessThan(0.1);
  const still = document.head.appendChild(document.createElement("style"));
  still.textContent = ".lesson * { transition: none !important; }"; // or axe meets colors on their way
  for (const theme of ["light", "dark"] as const) {
    document.documentElement.style.colorScheme = theme;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { violations } = await axe.run(body.querySelector<HTMLElement>(".lesson") ?? body);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual(
      [],
    );
  }
  still.remove();
  document.documentElement.style.colorScheme = "light";
  await page.viewport(390, 844);
  await new Promise(requestAnimationFrame);
  expect(document.documentElement.scrollWidth, "width at 390 pixels").toBeLessThanOrEqual(390);
  await page.viewport(1280, 900);
  expect(unnamed(body)).toEqual([]);
  expect(leaked(), "leaked tensors").toBe(0);
  expect(errors.splice(0), "errors of the page").toEqual([]);
}

/** What takes the focus and has no name. */
function unnamed(root: ParentNode): string[] {
  return Array.from(root.querySelectorAll("*")).flatMap((element) => {
    const inside = element.shadowRoot === null ? [] : unnamed(element.shadowRoot);
    if (
      !(element instanceof HTMLElement) ||
      element.tabIndex < 0 ||
      !element.matches("button, a, input, select, [tabindex]")
    )
      return inside;
    const label =
      element.getAttribute("aria-label") ??
      (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent);
    return (label ?? "").trim() === "" ? [...inside, element.outerHTML.slice(0, 120)] : inside;
  });
}
