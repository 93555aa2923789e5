import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { gpt } from "./gpt.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "7 Transformers/Inside a GPT", render: () => gpt(source) };
export default meta;

/** How does a GPT choose the next letter? */
export const Lesson: StoryObj = {
  name: "Inside a GPT",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["next"]).toBe("i");
    await expect(facts()["leaveOneOut"]).toBe(19);
    await expect(Number(facts()["vowels"])).toBeLessThan(19);
    const bars = canvasElement.querySelector("pellucid-bars")?.shadowRoot;
    const numbers = () =>
      Array.from(bars?.querySelectorAll(".number") ?? [], ({ textContent }) => textContent);
    const slider = canvasElement.querySelector<HTMLInputElement>("#range-topK");
    if (slider !== null) slider.value = "1";
    slider?.dispatchEvent(new Event("input"));
    await waitFor(() => expect(numbers().slice(0, 2)).toEqual(["> 99.9%", "< 0.1%"]));
    canvasElement.querySelector<HTMLElement>(".tries button")?.click();
    const guess = canvasElement.querySelector("pellucid-guess")?.shadowRoot;
    await waitFor(() => expect(guess?.querySelectorAll("button").length).toBe(5));
    guess?.querySelectorAll("button")[2]?.click();
    await waitFor(() => expect(facts()["next"]).toBe("u"), { timeout: 60_000 });
    await expect(Number(facts()["probability"])).toBeGreaterThan(0.9);
    await expect(leaked()).toBe(0);
  }),
};
