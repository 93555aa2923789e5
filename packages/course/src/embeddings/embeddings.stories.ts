import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { embeddings } from "./embeddings.ts";
import source from "./program.ts?raw";

const meta: Meta = {
  title: "5 Embeddings/Embeddings, near and far",
  render: () => embeddings(source),
};
export default meta;

/** Which digits are alike? */
export const Lesson: StoryObj = {
  name: "Embeddings, near and far",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await waitFor(() => expect(facts()["similarity"]).toBeDefined(), { timeout: 30_000 });
    await expect(Number(facts()["seen"])).toBeGreaterThan(0.9);
    await expect(Number(facts()["control"])).toBeLessThan(0.8); // an untrained network has 0.82, plain pixels 0.88
    const canvas = canvasElement.querySelector<HTMLCanvasElement>(".embedding-plane canvas");
    const press = (key: string) =>
      canvas?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const answer = () => canvasElement.querySelector(".explained")?.textContent;
    press(" ");
    await expect(facts()["chosen"]).toBe(12);
    const pulled = () => canvasElement.querySelector(".pulled .explained")?.textContent;
    const before = pulled();
    press("ArrowRight");
    press("ArrowDown");
    await waitFor(() => expect(pulled()).not.toBe(before));
    await expect(answer()).toContain("12 digits");
    await expect(leaked()).toBe(0);
  }),
};
