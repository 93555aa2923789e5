import "@tensorflow/tfjs-backend-cpu";
import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as elements from "./index.ts";

beforeAll(async () => {
  await setBackend("cpu");
});

test("data and options set before the element is defined are drawn, and later ones too", async () => {
  class Late extends elements.PellucidHeatmap {}
  const element = document.createElement("late-heatmap") as Late;
  Object.assign(element, { data: { data: [1, 2, 3, 4], shape: [2, 2] }, options: { title: "Early" } });
  document.body.append(element);
  customElements.define("late-heatmap", Late);
  await element.drawn;
  expect(element.shadowRoot?.querySelector("figcaption")?.textContent).toBe("Early");
  element.options = { title: "Later" };
  element.data = { data: [1], shape: [1, 1] };
  await element.drawn;
  expect(element.shadowRoot?.querySelector("figcaption")?.textContent).toBe("Later");
  expect(element.shadowRoot?.querySelector("small")?.textContent).toBe("1 × 1 cells, as they are");
});

test("an element whose tensor was freed is moved and relabelled with the same numbers", async () => {
  const element = document.createElement("pellucid-heatmap");
  const values = tensor2d([[1, 2]]);
  element.data = values;
  values.dispose(); // before it is in the document
  document.body.append(element);
  await element.drawn;
  const text = () => element.shadowRoot?.textContent ?? "";
  expect(text()).toContain("1 × 2 cells");
  element.setAttribute("label", "New");
  document.body.append(document.createElement("section").appendChild(element));
  await element.drawn;
  expect(text()).toContain("New");
  expect(text()).toContain("1 × 2 cells");
  expect(text()).not.toContain("disposed");
});

test("without data it is empty, and while a tensor is read it says so", async () => {
  const element = document.createElement("pellucid-heatmap");
  document.body.append(element);
  let resolve: (data: Float32Array) => void = () => {};
  const slow = Object.assign(tensor2d([[1]]), {
    data: () => new Promise<Float32Array>((done) => (resolve = done)),
  });
  element.data = slow as never;
  await expect.poll(() => element.shadowRoot?.querySelector("[role=status]")?.textContent).toBe("Loading…");
  resolve(Float32Array.of(1));
  await element.drawn;
  expect(element.shadowRoot?.querySelector("[role=status]")).toBeNull();
  element.data = undefined;
  await element.drawn;
  expect(element.shadowRoot?.childElementCount).toBe(0);
  expect(element.data).toBeNull();
});

test("every element is exported as a class", () => {
  const classes = Object.entries(elements).filter(([, value]) => typeof value === "function");
  expect(classes).toHaveLength(10);
  for (const [name, value] of classes) {
    const tag = name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    expect(customElements.get(tag)).toBe(value);
  }
});
