import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { fooling } from "./fooling.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "4 Attacks/Fooling a network", render: () => fooling(source) };
export default meta;

/** How little fools it? */
export const Lesson: StoryObj = {
  name: "Fooling a network",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await waitFor(() => expect(facts()["fooled"]).toBeDefined(), { timeout: 20_000 });
    await expect(Number(facts()["attackedAt03"])).toBeLessThanOrEqual(0.1);
    await expect(Number(facts()["randomAt03"])).toBeGreaterThanOrEqual(0.8);
    const slider = canvasElement.querySelector<HTMLInputElement>("#range-epsilon");
    if (slider !== null) slider.value = "0";
    slider?.dispatchEvent(new Event("input"));
    await waitFor(() => expect(facts()["read"]).toBe(3), { timeout: 20_000 });
    await expect(facts()["fooled"]).toBe(false);
    canvasElement.querySelector<HTMLElement>(".tries button")?.click();
    const guess = canvasElement.querySelector("pellucid-guess")?.shadowRoot;
    await waitFor(() => expect(guess?.querySelectorAll("button").length).toBe(3));
    guess?.querySelector("button")?.click();
    await waitFor(() => expect(facts()["read"]).toBe(8), { timeout: 20_000 });
    await waitFor(() => expect(leaked()).toBe(0), { timeout: 20_000 }); // an attack that was replaced may still run
  }),
};
