import { afterEach, expect } from "vitest";
import { commands } from "vitest/browser";
import { answerOf } from "../packages/interpret/stories/frame.ts";
import { checkLesson } from "./check-lesson.ts";

/** What is seen in a drawing: its text, its pixels, its lines. */
function seen(figure: Element) {
  return {
    text: figure.textContent,
    pixels: Array.from(figure.querySelectorAll("canvas"), (canvas) => canvas.toDataURL()),
    lines: Array.from(figure.querySelectorAll("svg"), (svg) =>
      svg.innerHTML.replaceAll(/arrow-\d+/g, "arrow"),
    ),
  };
}

// After each story: nothing is leaked, and the program that it shows draws the very same pictures.
afterEach(async ({ task }) => {
  if (document.querySelector(".lesson") !== null) return checkLesson(document.body);
  const { program, leaked, pictures } = await answerOf(document.body);
  expect(leaked).toBe(0);
  const name = `${task.file.name} ${task.name}`
    .replaceAll(/^.*\/|\.stories\.ts/g, "")
    .replaceAll(/\W+/g, "-");
  const address = await commands.writeProgram(name, program);
  const before = new Set(document.body.children);
  await import(/* @vite-ignore */ address);
  const drawn = Array.from(document.body.children).filter((element) => !before.has(element));
  for (const element of drawn) element.remove();
  expect(drawn.map(seen)).toEqual(pictures.slice(0, drawn.length).map(seen));
  expect(drawn.length, "drawings of the program").toBeGreaterThan(0);
}, 60_000);
