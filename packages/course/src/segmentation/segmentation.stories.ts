import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import source from "./program.ts?raw";
import { segmentation } from "./segmentation.ts";

const meta: Meta = {
  title: "9 Detection and segmentation/U-Net, and what its skip connections carry",
  render: () => segmentation(source),
};
export default meta;

/** What do skip connections carry? */
export const Lesson: StoryObj = {
  name: "U-Net, and what its skip connections carry",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    const fact = (name: string) => Number(facts()[name]);
    await waitFor(() => expect(fact("iou")).toBeGreaterThan(0.6));
    await expect(fact("unseen")).toBeGreaterThan(0.9);
    await expect(fact("off")).toBeLessThan(fact("unseen") - 0.2);
    await expect(fact("other")).toBeLessThan(0.5);
    const first = fact("iou");
    const [full, half] = canvasElement.querySelectorAll<HTMLElement>(".gp-controls .pill");
    full?.click();
    half?.click();
    await waitFor(() => expect(fact("iou")).toBeLessThan(first - 0.1), { timeout: 10_000 });
    full?.click();
    half?.click();
    await waitFor(() => expect(fact("iou")).toBeCloseTo(first, 5), { timeout: 10_000 });
    const canvas = canvasElement.querySelector("pellucid-draw-pad")?.shadowRoot?.querySelector("canvas");
    const press = (key: string) =>
      canvas?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    press(" ");
    for (let i = 0; i < 6; i++) press("ArrowRight");
    press(" ");
    await waitFor(() => expect(fact("strokes")).toBe(1), { timeout: 20_000 });
    await waitFor(() => expect(canvasElement.querySelector(".sum-line")?.textContent).toContain("now"), {
      timeout: 20_000,
    });
    await expect(leaked()).toBe(0);
  }),
};
