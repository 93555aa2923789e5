// What an autoencoder costs an unseen digit in nats, and what a diffusion model draws: of MNIST, or of CIFAR's photographs.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { encodeImage, makeGrid } from "@pellucid/core-train/tensorboard";
import { cifar10, mnist10k } from "@pellucid/datasets";
import { autoencoderCost, diffusionDistance, distances, vaeCost } from "./generate.ts";

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string", default: "mnist" },
      seed: { type: "string", default: "0" },
      steps: { type: "string", default: "2500" },
      samples: { type: "string" }, // a file of float32 pixels from −1 to 1 to measure, such as pytorch.py's
    },
  });
  const { chosen } = await useBackend();
  const root = process.env["PELLUCID_DATA"]; // a folder with mnist/ and cifar10/; otherwise they are downloaded
  const source = root === undefined ? {} : { folder: `${root}/${values.data}` };
  const photographs = async () => {
    const names = root === undefined ? [] : (await readdir(`${root}/cifar10`)).toSorted();
    const first = (start: string) =>
      names.find((name) => name.startsWith(start)) ?? `${start}${start === "data_batch" ? "_1" : ""}.bin`;
    return {
      train: await cifar10({ split: "train", ...source, files: [first("data_batch")] }),
      test: await cifar10({ split: "test", ...source, files: [first("test_batch")] }),
    };
  };
  const data = values.data === "cifar10" ? await photographs() : await mnist10k(source);
  const [seed, steps] = [Number(values.seed), Number(values.steps)];
  const onStep = (step: number, loss: number) =>
    process.stdout.write(`\r${chosen}: step ${step}: ${loss.toFixed(4)}   `);
  if (positionals[0] === "autoencoder") {
    const { curved, linear } = await autoencoderCost(data, { seed, onStep });
    console.log(
      `\nan unseen image through 3 numbers: an error of ${curved.toFixed(4)}, PCA's is ${linear.toFixed(4)}`,
    );
  } else if (positionals[0] === "vae") {
    const { reconstruction, divergence } = await vaeCost(data, { seed, onStep });
    const whole = (reconstruction + divergence).toFixed(2);
    console.log(
      `\nan unseen image costs ${whole} nats: ${reconstruction.toFixed(2)} for its pixels, ${divergence.toFixed(2)} for its code`,
    );
  } else if (values.samples !== undefined) {
    const { buffer, byteOffset, length } = await readFile(values.samples);
    console.log(await distances(data, new Float32Array(buffer.slice(byteOffset, byteOffset + length))));
  } else {
    const { samples, shape, drawn, real, noise } = await diffusionDistance(data, { seed, steps, onStep });
    const pixels = shape[0] * shape[1] * shape[2];
    const shown = samples.subarray(0, 40 * pixels).map((value) => (value + 1) / 2);
    const grid = makeGrid({ data: shown, shape: [40, ...shape] });
    const sheet = new URL(`sheet-${values.data}.png`, import.meta.url);
    await writeFile(sheet, encodeImage(grid).png);
    console.log(
      `\nFréchet distances from unseen images: drawn ${drawn.toFixed(2)}, real ${real.toFixed(2)}, noise ${noise.toFixed(1)}; see ${sheet.pathname}`,
    );
  }
}
