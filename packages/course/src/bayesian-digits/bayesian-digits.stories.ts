import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, fireEvent, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { bayesianDigits } from "./bayesian-digits.ts";
import source from "./program.ts?raw";

const meta: Meta = {
  title: "11 Uncertainty/A network that knows its limits",
  render: () => bayesianDigits(source),
};
export default meta;

/** Does it know when it does not know? */
export const Lesson: StoryObj = {
  name: "A network that knows its limits",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["apart"])).toBeGreaterThan(0.85);
    await expect(Number(facts()["byInk"])).toBeCloseTo(0.5, 1);
    await expect(Number(facts()["covered"])).toBeGreaterThan(80);
    await expect(Number(facts()["exchanged"])).toBeLessThan(30);
    await expect(facts()["set"]).toBe(1);
    const noise = canvasElement.querySelector<HTMLInputElement>("#range-noise");
    if (noise !== null) await fireEvent.input(noise, { target: { value: "1" } });
    await waitFor(() => expect(facts()["set"]).not.toBe(1), { timeout: 10_000 });
    await expect(Number(facts()["total"])).toBeGreaterThan(0.5);
    await expect(leaked()).toBe(0);
  }),
};
