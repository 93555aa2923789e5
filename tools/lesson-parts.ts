import type { Page } from "playwright";

/** What a lesson of the course lacks, seen on its page once it is complete: its goal, a case to guess, exercises with solutions, words of care, the way on, HTML to embed it, and a guess that covers the answer. */
export async function missingFromLesson(page: Page): Promise<string[]> {
  const missing = (await page.evaluate(still)) as string[];
  const tries = page.locator("[data-part=tries] button");
  if ((await tries.count()) > 0) {
    await tries.first().click();
    await page.waitForFunction(`document.querySelector("pellucid-guess")?.checkVisibility()`);
  }
  await page.locator("summary", { hasText: "Embed this page" }).click();
  await page.waitForFunction(embeds);
  return missing;
}

/** The page that one lands on is the drawing pad: it asks for a drawing, not for a guess. */
const still = `(() => {
  const text = (part) => (part?.textContent ?? "").trim();
  const lesson = document.querySelector(".lesson");
  const exercises = [...lesson.querySelectorAll(".exercises li")];
  const lands = !/ lesson /.test(text(lesson.querySelector(".kicker")));
  const parts = {
    "a goal": text(lesson.querySelector(".goal")).length > 40,
    "a case to guess": lands || lesson.querySelector("[data-part=tries] button") !== null,
    "exercises": exercises.length > 0,
    "a solution of each exercise": exercises.every((one) => text(one.querySelector("details p")).length > 20),
    "words of care": text(lesson.querySelector(".care p")).length > 40,
    "a link to another lesson": lesson.querySelector("[data-part=next] a[href]") !== null,
    "a link to its state": [...lesson.querySelectorAll(".tools button")].some((one) => text(one) === "Copy link"),
  };
  return Object.entries(parts).filter(([, there]) => !there).map(([name]) => \`lacks \${name}\`);
})()`;

const embeds = `[...document.querySelectorAll("details[open] code")].some((code) => code.textContent.includes('<iframe src="' + location.href + '"'))`;
