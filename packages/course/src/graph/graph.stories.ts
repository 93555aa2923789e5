import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, waitFor } from "storybook/test";
import { inTests } from "../frame/in-tests.ts";
import { lessonOf } from "../frame/lesson-page.ts";
import { graph } from "./graph.ts";
import source from "./program.ts?raw";

const meta: Meta = { title: "8 Graphs/Messages in a club", render: () => graph(source) };
export default meta;

/** Who switches sides? */
export const Lesson: StoryObj = {
  name: "Messages in a club",
  play: inTests(async ({ canvasElement }) => {
    const { facts, leaked } = await lessonOf(canvasElement);
    await expect(Number(facts()["right"])).toBeGreaterThanOrEqual(30);
    await expect(Number(facts()["beats"])).toBe(19);
    await expect(Number(facts()["fake"])).toBeLessThan(19);
    canvasElement.querySelector(".club .hit")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await waitFor(() => expect(facts()["edges"]).toBe(77), { timeout: 60_000 });
    const node = canvasElement.querySelectorAll(".club .node")[4];
    node?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await waitFor(() => expect(canvasElement.querySelector(".answer")?.textContent).toContain("Member 5"), {
      timeout: 60_000,
    });
    await waitFor(() => expect(leaked()).toBe(0), { timeout: 20_000 });
  }),
};
