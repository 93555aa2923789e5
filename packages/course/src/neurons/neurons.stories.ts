import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { neurons } from "./neurons.ts";
import source from "./program.ts?raw";

const meta: Meta = {
  title: "2 Convolutional networks/What a neuron responds to",
  render: () => neurons(source),
};
export default meta;

/** What does a neuron respond to? */
export const Lesson: StoryObj = {
  name: "What a neuron responds to",
  play: inTests(async ({ canvasElement }) => {
    const within = { timeout: 60_000 };
    const { facts, leaked } = await lessonOf(canvasElement);
    const holds = async () => {
      await expect(Number(facts()["fires"])).toBeGreaterThan(Number(facts()["best"]));
      await expect(Number(facts()["shuffled"])).toBeLessThan(Number(facts()["best"]));
    };
    await holds();
    const smoothed = Number(facts()["fires"]);
    canvasElement.querySelector<HTMLElement>(".tries button")?.click();
    await waitFor(() => expect(Number(facts()["fires"])).toBeGreaterThan(smoothed), within);
    canvasElement.querySelectorAll<HTMLElement>(".tries button")[1]?.click();
    await waitFor(() => expect(facts()["layer"]).toBe("fc"), within);
    await waitFor(() => expect(facts()["unit"]).toBe(7), within);
    await holds();
    await waitFor(() => expect(leaked()).toBe(0), within);
  }),
};
