import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { compareMethods } from "./compare-methods.ts";
import source from "./program.ts?raw";

const meta: Meta = {
  title: "3 Explaining an answer/Methods side by side: is it true?",
  render: () => compareMethods(source),
};
export default meta;

/** Which explanation should I trust? */
export const Lesson: StoryObj = {
  name: "Methods side by side: is it true?",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["integrated"]).toBe(19);
    await expect(Number(facts()["edgesBeats"])).toBeLessThan(19);
    await expect(Number(facts()["edgesAgreed"])).toBeGreaterThan(0.999);
    await expect(Number(facts()["both"])).toBeGreaterThanOrEqual(2);
    const slider = canvasElement.querySelector<HTMLInputElement>("#range-forgotten");
    if (slider !== null) slider.value = "3";
    slider?.dispatchEvent(new Event("input"));
    await waitFor(() => expect(facts()["forgotten"]).toBe(3), { timeout: 60_000 });
    await expect(leaked()).toBe(0);
  }),
};
