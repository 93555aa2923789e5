import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { photographs } from "./photographs.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "3 Explaining an answer/Photographs", render: () => photographs(source) };
export default meta;

/** What does it see in a photograph? */
export const Lesson: StoryObj = {
  name: "Photographs",
  play: inTests(async ({ canvasElement }) => {
    const within = { timeout: 60_000 };
    const button = (text: string) =>
      Array.from(canvasElement.querySelectorAll<HTMLButtonElement>("button")).find((one) =>
        one.textContent.startsWith(text),
      );
    button("Load the network")?.click();
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["predicted"]).toBe("Egyptian cat"); // torchvision: 0.644
    await expect(Number(facts()["probability"])).toBeCloseTo(0.644, 1);
    await expect(Number(facts()["beats"])).toBe(9);
    const tensors = facts()["tensors"];
    canvasElement.querySelector<HTMLElement>(".tries button:nth-of-type(2)")?.click();
    await waitFor(() => expect(facts()["photo"]).toBe(2), within);
    await expect(facts()["predicted"]).toBe("Windsor tie"); // torchvision: 0.988
    await expect(Number(facts()["probability"])).toBeGreaterThan(0.97);
    await expect(facts()["beats"]).toBe(9);
    await expect(facts()["fake"]).toBeLessThan(5);
    button("Occlusion")?.click();
    await waitFor(() => expect(facts()["method"]).toBe("occlusion"), within);
    await expect(facts()["tensors"]).toBe(tensors);
    await expect(leaked()).toBe(0);
  }),
};
