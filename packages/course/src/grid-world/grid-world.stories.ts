import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { gridWorld } from "./grid-world.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "12 Acting/Q-learning in a grid", render: () => gridWorld(source) };
export default meta;

/** How does it learn where to go? */
export const Lesson: StoryObj = {
  name: "Q-learning in a grid",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["share"])).toBeGreaterThan(0.9);
    await expect(Number(facts()["random"])).toBeLessThan(0);
    const player = canvasElement.querySelector("pellucid-player")?.shadowRoot;
    player?.querySelector<HTMLElement>("[aria-label='One step on']")?.click();
    await waitFor(() => expect(canvasElement.querySelector(".hint")?.textContent).toContain("Episode 2,"));
    const best = Number(facts()["best"]);
    canvasElement.querySelectorAll<HTMLElement>(".world button")[5]?.click();
    await waitFor(() => expect(Number(facts()["best"])).toBeLessThan(best));
    await expect(leaked()).toBe(0);
  }),
};
