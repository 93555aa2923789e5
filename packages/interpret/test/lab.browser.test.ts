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
import { type Drawn, lab } from "../stories/lab.ts";
import { firstUnseen } from "../stories/nets/first-unseen.ts";
import { type AboutPicture, type NetAndPicture, withPicture } from "../stories/nets/with-picture.ts";
import type { Run } from "../stories/programs/run.ts";

type Program = (options: AboutPicture, run: Run) => Promise<Drawn>;

const source = `import { withPicture } from "../nets/with-picture.ts";
export const options: Options = { net: "digits", picture: 3, target: 3 };
`;

/** A lab on the page, and a button of it. */
function opened(run: Program, id: string) {
  const root = document.createElement("div");
  const spec = {
    question: "What is it?",
    formula: "f(x)",
    caveats: "Always.",
    program: { run, source },
    options: { net: "digits", picture: 3, target: 3 } as const,
    report: () => ({ facts: {}, answer: "Nothing." }),
  };
  root.append(lab(spec, id));
  document.body.append(root);
  const button = (text: string) =>
    Array.from(root.querySelectorAll("button")).find(({ textContent }) => textContent === text);
  return { root, button };
}

afterEach(() => {
  document.body.replaceChildren();
});

const nothing: Program = () => Promise.resolve({ pictures: [] });

test("a recorded picture is there at once, and gone when the live one is", async () => {
  const { root } = opened(nothing, "attribution-gradients--saliency");
  const image = root.querySelector<HTMLImageElement>(".recorded img");
  await expect.poll(() => image?.complete === true && image.naturalWidth > 100).toBe(true);
  await answerOf(root);
  expect(root.querySelector(".recorded")).toBeNull();
  expect(root.querySelector(".status")?.textContent).toMatch(/Computed on \w+ in \d+ ms/);
});

test("the program names the net, the picture and its class", async () => {
  const { root } = opened(nothing, "a");
  await answerOf(root);
  const code = root.querySelector("pre code")?.textContent ?? "";
  expect(code).toMatch(/^ {2}net: "digits",\n {2}picture: \d+,\n {2}target: 3,$/m);
  expect(code).toContain("await program(options);");
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
    "It needs npm install @pellucid/backends @pellucid/cnn @pellucid/core-train @pellucid/datasets @pellucid/interpret @pellucid/transformer @tensorflow/tfjs-core. Save it with its files",
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
  const canvas = new OffscreenCanvas(48, 32); // wider than high: its middle is taken
  const context = canvas.getContext("2d");
  if (context !== null) context.fillStyle = "#fff";
  context?.fillRect(20, 0, 8, 32);
  give(root, "image/*", new File([await canvas.convertToBlob()], "one.png"));
  await expect.poll(() => root.querySelector("pre code")?.textContent).toContain("picture: [0, 0, 0, ");
  expect(root.querySelector(".status")?.textContent).toMatch(/^Prediction: 1 \(/);
  expect(root.querySelector('.picks [aria-pressed="true"]')).toBeNull();
});

test("a visitor's own weights are used; a file without weights changes nothing and shows why", async () => {
  const { root } = opened(nothing, "weights");
  const { says } = await answerOf(root);
  expect(says).toMatch(/^Prediction: 3 \(9\d/);
  give(root, ".safetensors", new File([new Uint8Array(40).fill(255)], "broken.safetensors"));
  await expect.poll(() => root.querySelector(".status")?.textContent).toMatch(/Error/);
  const other = new DigitsCnn({ rng: new Rng(5) });
  give(root, ".safetensors", new File([await saveWeights(other)], "other.safetensors"));
  await expect.poll(async () => (await answerOf(root)).says).toMatch(/ \([12]\d/); // it is untrained
  other.dispose();
  const shipped = await fetch(new URL("../stories/nets/digits-cnn.safetensors", import.meta.url));
  give(root, ".safetensors", new File([await shipped.arrayBuffer()], "digits-cnn.safetensors"));
  await expect.poll(async () => (await answerOf(root)).says).toBe(says);
});

test("another backend computes the answer, and is named", async () => {
  const { root } = opened(nothing, "b");
  await answerOf(root);
  const [, backends] = root.querySelectorAll<HTMLSelectElement>("select");
  (backends as HTMLSelectElement).value = "cpu";
  backends?.dispatchEvent(new Event("change"));
  await expect.poll(() => root.querySelector(".status")?.textContent).toMatch(/Computed on the CPU/);
  (backends as HTMLSelectElement).value = "best";
  backends?.dispatchEvent(new Event("change"));
  await expect.poll(() => root.querySelector(".status")?.textContent).toMatch(/Computed on (?!the CPU)/);
});

type Work = NetAndPicture & Required<Pick<Run, "signal" | "onProgress">>;

const long: Readonly<Record<string, (work: Work) => Promise<unknown>>> = {
  rise: ({ net, x, signal, onProgress }) =>
    rise(classScore<Tensor4D>(net, 3), { rng: new Rng(0), masks: 100_000, signal, onProgress })(x),
  lime: ({ net, x, signal, onProgress }) =>
    lime(classScore<Tensor4D>(net, 3), { rng: new Rng(0), samples: 100_000, signal, onProgress })(x),
  optimizeImage: ({ net, signal, onProgress }) =>
    optimizeImage(classScore<Tensor4D>(net, 3), {
      rng: new Rng(0),
      start: [1, 8, 8, 1],
      steps: 100_000,
      signal,
      onStep: (step) => onProgress(step, 100_000),
    }),
  tsne: async ({ subject, signal, onProgress }) => {
    const { images, data } = await firstUnseen(subject, 300);
    images.dispose();
    const features = tensor2d(data, [300, 64]);
    try {
      return await tsne(features, { steps: 100_000, signal, onStep: (step) => onProgress(step, 100_000) });
    } finally {
      features.dispose();
    }
  },
};

test.for(Object.entries(long))(
  "%s takes at most one more step when it is cancelled, and leaks nothing",
  async ([name, tool]) => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let [held, steps] = [0, 0];
    const { root, button } = opened((about, { signal = new AbortController().signal }) => {
      held = memory().numTensors;
      return withPicture(about, async (work) => {
        const onProgress = () => {
          if (++steps === 3) begin();
        };
        await tool({ ...work, signal, onProgress });
        throw new Error("It was not cancelled.");
      });
    }, name);
    const answer = answerOf(root);
    await Promise.race([begun, answer]);
    await new Promise((resolve) => setTimeout(resolve)); // a click comes between two steps
    const before = steps;
    button("Cancel")?.click();
    await expect(answer).rejects.toThrow("Cancelled.");
    expect(steps).toBeLessThanOrEqual(before + 1); // the one that was under way
    expect(memory().numTensors).toBeLessThanOrEqual(held);
    await expect.poll(() => root.querySelector(".status")?.textContent).toBe("Cancelled.");
  },
);
