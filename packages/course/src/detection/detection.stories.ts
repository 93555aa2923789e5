import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { detection } from "./detection.ts";
import source from "./program.ts?raw";

const meta: Meta = {
  title: "9 Detection and segmentation/Boxes, from many to one",
  render: () => detection(source),
};
export default meta;

/** Which box survives? */
export const Lesson: StoryObj = {
  name: "Boxes, from many to one",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(facts()["agrees"]).toBe(true);
    const [drag, nms] = Array.from(
      canvasElement.querySelectorAll("pellucid-box-editor"),
      ({ shadowRoot }) => shadowRoot,
    );
    const sum = () => canvasElement.querySelector(".sum-line")?.textContent ?? "";
    const iou = () => Number(/IoU ([\d.]+)/.exec(sum())?.[1]);
    await waitFor(() => expect(sum()).toContain("IoU"));
    const before = iou();
    const box = () => drag?.querySelector(".movable");
    for (let i = 0; i < 12; i++)
      box()?.dispatchEvent(
        new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }),
      );
    await waitFor(() => expect(iou()).toBeGreaterThan(before));
    const player = canvasElement.querySelector("pellucid-player")?.shadowRoot;
    player?.querySelector<HTMLElement>("[aria-label='One step on']")?.click();
    await waitFor(() => expect(nms?.querySelectorAll(".pale").length).toBeGreaterThan(3));
    const slider = canvasElement.querySelector<HTMLInputElement>("#range-threshold");
    if (slider !== null) slider.value = "1";
    slider?.dispatchEvent(new Event("input"));
    await waitFor(() => expect(facts()["kept"]).toBe(11));
    await expect(leaked()).toBe(0);
  }),
};
