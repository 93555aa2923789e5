// The page: trains the chosen example after a click, and draws what it has made.
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { cifar10, mnist10k } from "@pellucid/datasets";
import type { Made, Running } from "./made.ts";
import { ofImages, programs } from "./programs.ts";

const element = <E extends HTMLElement>(id: string): E => document.querySelector(`#${id}`) as E;
const [choice, button] = [element<HTMLSelectElement>("example"), element<HTMLButtonElement>("train")];
const [status, canvas] = [element("status"), element<HTMLCanvasElement>("picture")];
const query = new URLSearchParams(location.search);
const share = Number(query.get("share") ?? 1);

/** Where the files of MNIST and CIFAR-10 are, if not at their hosts: `?mnist=ADDRESS&cifar10=ADDRESS`. */
const from = (name: string) => {
  const url = query.get(name);
  return url === null ? {} : { url };
};
const handwriting = ofImages(() => mnist10k(from("mnist")));
const photographs = ofImages(async () => ({
  train: await cifar10({ split: "train", ...from("cifar10") }),
  test: await cifar10({ split: "test", ...from("cifar10") }),
}));
const all: Readonly<Record<string, (how: Running) => Promise<Made>>> = {
  ...programs,
  "Autoencoder of MNIST (1.6 MB)": handwriting.autoencoder,
  "Variational autoencoder of MNIST (1.6 MB)": handwriting.vae,
  "Diffusion of MNIST (1.6 MB)": handwriting.diffusion,
  "Diffusion of CIFAR-10's photographs (170 MB)": photographs.diffusion,
};

const everything = "All that need no download";
choice.replaceChildren(...[...Object.keys(all), everything].map((name) => new Option(name)));
choice.value = query.has("all") ? everything : (Object.keys(all)[0] ?? "");

button.addEventListener("click", () => {
  button.disabled = true;
  void train()
    .catch((error: unknown) => {
      status.textContent = String(error);
    })
    .finally(() => {
      button.disabled = false;
    });
});

async function train(): Promise<void> {
  const { chosen } = await useBackend({ only: "wasm" });
  const chosenOnes = Object.entries(choice.value === everything ? programs : all);
  const asked = chosenOnes.filter(([name]) => choice.value === everything || name === choice.value);
  status.textContent = `Training on ${chosen}.`;
  const onStep = (step: number, loss: number) => {
    status.textContent = `Training on ${chosen}: step ${step}, loss ${loss.toFixed(4)}.`;
  };
  const sentences: string[] = [];
  for (const [, program] of asked) {
    const { said, pictures } = await program({ share, rng: new Rng(1), onStep });
    if (pictures !== undefined) show(pictures);
    sentences.push(said);
  }
  status.textContent = `Trained: ${sentences.join("; ")}.`;
}

/** Eight pictures a row. */
function show({ data, count, size, channels }: NonNullable<Made["pictures"]>): void {
  const columns = Math.min(8, count);
  const scale = Math.ceil(64 / size);
  canvas.width = columns * size;
  canvas.height = Math.ceil(count / columns) * size;
  canvas.style.width = `${canvas.width * scale}px`;
  const image = new ImageData(canvas.width, canvas.height);
  for (let i = 0; i < count * size * size; i++) {
    const [picture, y, x] = [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
    const row = Math.floor(picture / columns) * size + y;
    const at = 4 * (row * canvas.width + (picture % columns) * size + x);
    for (let c = 0; c < 3; c++)
      image.data[at + c] = 255 * Number(data[i * channels + (channels === 1 ? 0 : c)]);
    image.data[at + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
