import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, fireEvent, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { cartPole } from "./cart-pole.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "12 Acting/A policy that balances a pole", render: () => cartPole(source) };
export default meta;

/** What does it look at? */
export const Lesson: StoryObj = {
  name: "A policy that balances a pole",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["whole"])).toBeGreaterThan(475);
    await expect(Number(facts()["withoutFirst"])).toBeLessThan(100);
    await expect(Number(facts()["withoutLargest"])).toBeGreaterThan(100);
    await expect(Number(facts()["random"])).toBeLessThan(50);
    const player = canvasElement.querySelector("pellucid-player")?.shadowRoot;
    player?.querySelector<HTMLElement>("[aria-label='One step on']")?.click();
    await waitFor(() => expect(canvasElement.querySelector(".hint")?.textContent).toContain("Step 64"));
    const training = canvasElement.querySelector<HTMLInputElement>("#range-training");
    if (training !== null) await fireEvent.input(training, { target: { value: "0" } });
    await waitFor(() => expect(facts()["training"]).toBe(0), { timeout: 15_000 });
    await expect(Number(facts()["whole"])).toBeLessThan(100);
    await expect(leaked()).toBe(0);
  }),
};
