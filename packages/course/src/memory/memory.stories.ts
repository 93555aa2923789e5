import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { memory } from "./memory.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "6 Sequences/Training while it reads", render: () => memory(source) };
export default meta;

/** What does it learn while it reads? */
export const Lesson: StoryObj = {
  name: "Training while it reads",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["corrects"])).toBeGreaterThan(0.85);
    await expect(Number(facts()["forgets"])).toBeLessThan(Number(facts()["corrects"]));
    await expect(Number(facts()["adds"])).toBeLessThan(Number(facts()["forgets"]));
    await expect(Number(facts()["control"])).toBeLessThan(0.2);
    await expect(Number(facts()["difference"])).toBeLessThan(1e-5);
    const answer = canvasElement.querySelector(".answer");
    await expect(answer?.textContent).toContain("After 24 pairs");
    const player = canvasElement.querySelector("pellucid-player")?.shadowRoot;
    player?.querySelector<HTMLElement>("[aria-label='One step back']")?.click();
    await waitFor(() => expect(answer?.textContent).toContain("After 23 pairs"));
    const [adds] = canvasElement.querySelectorAll<HTMLElement>(".gp-controls .pill");
    adds?.click();
    await waitFor(() => expect(Number(facts()["recalled"])).toBeLessThan(0.7), { timeout: 20_000 });
    await expect(leaked()).toBe(0);
  }),
};
