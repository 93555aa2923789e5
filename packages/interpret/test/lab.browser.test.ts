import { DigitsCnn } from "@pellucid/cnn";
import { Rng, saveWeights } from "@pellucid/core-train";
import { memory, tensor2d, type Tensor4D } from "@tensorflow/tfjs-core";
import { afterEach, expect, test } from "vitest";
import { classScore } from "../src/score/class-score.ts";
import { lime } from "../src/perturbation/lime.ts";
import { optimizeImage } from "../src/visualization/optimize-image.ts";
import { rise } from "../src/perturbation/rise.ts";
import { tsne } from "../src/embedding/tsne.ts";
import { answerOf } from "../stories/frame.ts";
import { type Lab, lab, type Work } from "../stories/lab.ts";

const spec = (run: Lab["run"]): Lab => ({
  question: "What is it?",
  formula: "f(x)",
  caveats: "Always.",
  code: () => "explain(net, images, target);",
  run,
});

/** A lab on the page, and a button of it. */
function opened(run: Lab["run"], id: string) {
  const root = document.createElement("div");
  root.append(lab(spec(run), id));
  document.body.append(root);
  const button = (text: string) =>
    Array.from(root.querySelectorAll("button")).find(({ textContent }) => textContent === text);
  return { root, button };
}

afterEach(() => {
  document.body.replaceChildren();
});

const nothing: Lab["run"] = () => Promise.resolve({ pictures: [], facts: {}, answer: "Nothing." });

test("a recorded picture is there at once, and gone when the live one is", async () => {
  const { root } = opened(nothing, "attribution-gradients--saliency");
  const image = root.querySelector<HTMLImageElement>(".recorded img");
  await expect.poll(() => image?.complete === true && image.naturalWidth > 100).toBe(true);
  await answerOf(root);
  expect(root.querySelector(".recorded")).toBeNull();
  expect(root.querySelector(".status")?.textContent).toMatch(/Computed on \w+ in \d+ ms/);
});

test("the program names the net, the picture and the tool", async () => {
  const { root } = opened(nothing, "a");
  await answerOf(root);
  const code = root.querySelector("pre code")?.textContent ?? "";
  expect(code).toContain("new DigitsCnn");
  expect(code).toContain("const target = 3; // 3");
  expect(code).toContain("explain(net, images, target);");
});

test("the formula and the limitations are shown", async () => {
  const { root } = opened(nothing, "formula");
  await answerOf(root);
  const [, formula] = Array.from(root.querySelectorAll("details"));
  expect(formula?.querySelector("summary")?.textContent).toBe("Show the formula");
  expect(formula?.textContent).toContain("f(x)");
  expect(root.querySelector(".caveats")?.textContent).toBe("Limitations. Always.");
});

test("the program can be saved with its files", async () => {
  const { root } = opened(nothing, "files");
  await answerOf(root);
  expect(root.querySelector(".files")?.textContent).toBe(
    "It needs npm install @pellucid/backends @pellucid/cnn @pellucid/core-train @pellucid/datasets @tensorflow/tfjs-core. Save it with its files",
  );
});

/** Gives a file to the input of this kind, as a visitor does. */
function give(root: HTMLElement, accept: string, file: File): void {
  const input = root.querySelector<HTMLInputElement>(`input[accept="${accept}"]`) as HTMLInputElement;
  const held = new DataTransfer();
  held.items.add(file);
  input.files = held.files;
  input.dispatchEvent(new Event("change"));
}

test("a visitor's own picture is explained, at the net's size, and is in the program", async () => {
  const { root } = opened(nothing, "own");
  await answerOf(root);
  const canvas = new OffscreenCanvas(48, 32); // wider than high: its middle counts
  const context = canvas.getContext("2d");
  if (context !== null) context.fillStyle = "#fff";
  context?.fillRect(20, 0, 8, 32);
  give(root, "image/*", new File([await canvas.convertToBlob()], "one.png"));
  await expect.poll(() => root.querySelector("pre code")?.textContent).toContain("Float32Array.of(0,0,0,");
  expect(root.querySelector(".status")?.textContent).toMatch(/^The net says 1 with/);
  expect(root.querySelector('.picks [aria-pressed="true"]')).toBeNull();
});

test("a visitor's own weights answer; a file that holds none changes nothing and says why", async () => {
  const { root } = opened(nothing, "weights");
  const { says } = await answerOf(root);
  expect(says).toMatch(/^The net says 3 with 9\d/);
  give(root, ".safetensors", new File([new Uint8Array(40).fill(255)], "broken.safetensors"));
  await expect.poll(() => root.querySelector(".status")?.textContent).toMatch(/Error/);
  const other = new DigitsCnn({ rng: new Rng(5) });
  give(root, ".safetensors", new File([await saveWeights(other)], "other.safetensors"));
  await expect.poll(async () => (await answerOf(root)).says).toMatch(/ with [12]\d/); // it has learned nothing
  other.dispose();
  const shipped = await fetch(new URL("../stories/nets/digits-cnn.safetensors", import.meta.url));
  give(root, ".safetensors", new File([await shipped.arrayBuffer()], "digits-cnn.safetensors"));
  await expect.poll(async () => (await answerOf(root)).says).toBe(says);
});

test("another backend is asked, and says so", async () => {
  const { root } = opened(nothing, "b");
  await answerOf(root);
  const [, backends] = root.querySelectorAll<HTMLSelectElement>("select");
  (backends as HTMLSelectElement).value = "cpu";
  backends?.dispatchEvent(new Event("change"));
  await expect.poll(() => root.querySelector(".status")?.textContent).toMatch(/Computed on cpu/);
  (backends as HTMLSelectElement).value = "best";
  backends?.dispatchEvent(new Event("change"));
  await expect.poll(() => root.querySelector(".status")?.textContent).toMatch(/Computed on (?!cpu)/);
});

const long: Readonly<Record<string, (work: Work) => Promise<unknown>>> = {
  rise: ({ net, image, target, signal, onProgress }) =>
    rise(classScore<Tensor4D>(net, target), { rng: new Rng(0), masks: 100_000, signal, onProgress })(image),
  lime: ({ net, image, target, signal, onProgress }) =>
    lime(classScore<Tensor4D>(net, target), { rng: new Rng(0), samples: 100_000, signal, onProgress })(image),
  optimizeImage: ({ net, target, signal, onProgress }) =>
    optimizeImage((x) => classScore<Tensor4D>(net, target)(x), {
      rng: new Rng(0),
      start: [1, 8, 8, 1],
      steps: 100_000,
      signal,
      onStep: (step) => onProgress(step, 100_000),
    }),
  tsne: async ({ subject, signal, onProgress }) => {
    const { data } = (await subject.unseen()).images;
    const features = tensor2d(data.slice(0, 64 * 300), [300, 64]);
    try {
      return await tsne(features, { steps: 100_000, signal, onStep: (step) => onProgress(step, 100_000) });
    } finally {
      features.dispose();
    }
  },
};

test.for(Object.keys(long))("%s is cancelled within 50 ms of the click, and leaves nothing", async (name) => {
  const waits: number[] = [];
  for (let round = 0; round < 5; round++) {
    let [started, held]: [() => void, number] = [() => {}, 0];
    const under = new Promise<void>((resolve) => (started = resolve));
    const { root, button } = opened(async (work) => {
      held = memory().numTensors;
      let pieces = 0;
      const onProgress = () => {
        pieces++;
        if (pieces === 3) started();
      };
      await (long[name] as (work: Work) => Promise<unknown>)({ ...work, onProgress });
      throw new Error("It was not cancelled.");
    }, `${name}-${round}`);
    await Promise.race([under, answerOf(root)]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const answer = answerOf(root);
    const clicked = performance.now();
    button("Cancel")?.click();
    await expect(answer).rejects.toThrow("Cancelled.");
    waits.push(performance.now() - clicked);
    expect(memory().numTensors).toBeLessThanOrEqual(held);
    await expect.poll(() => root.querySelector(".status")?.textContent).toBe("Cancelled.");
  }
  expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(50); // the median, as other work shares the processor
});
