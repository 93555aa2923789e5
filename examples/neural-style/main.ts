// Photographs in the style of pictures, by a search on pixels; and a video in one style, by a net in one pass, and how much it flickers.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { encodeImage, makeGrid } from "@pellucid/core-train/tensorboard";
import type { Picture } from "./clip.ts";
import type { Eye } from "./eye.ts";
import { mosaic } from "./mosaic.ts";
import { photo, squeezeEye } from "./photos.ts";
import { search } from "./search.ts";
import { paintVideo } from "./video.ts";

const names = ["astronaut", "rocket", "hopper", "raccoon-face", "coffee", "china", "flower", "chelsea"];

/** A picture in each of two styles, and in both at once. */
export async function paintPicture(
  picture: Picture,
  [one, two]: readonly [Picture, Picture],
  eye: Eye,
  how: { readonly steps?: number; readonly styleWeight?: number } = {},
) {
  const mixes = [[[one, 1]], [[two, 1]], [[one, 0.5], [two, 0.5]]] as const; // prettier-ignore
  const found: Picture[] = [];
  for (const styles of mixes) found.push(await search(picture, { eye, styles, ...how }));
  return found;
}

async function save(name: string, pictures: readonly Float32Array[], [height, width]: readonly number[]) {
  const size = Number(height) * Number(width) * 3;
  const data = new Float32Array(pictures.length * size);
  for (const [i, picture] of pictures.entries()) data.set(picture, i * size);
  const shape = [pictures.length, Number(height), Number(width), 3];
  const sheet = new URL(`sheet-${name}.png`, import.meta.url);
  await writeFile(sheet, encodeImage(makeGrid({ data, shape })).png);
  console.log(`see ${sheet.pathname}`);
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      style: { type: "string", default: "mosaic" },
      second: { type: "string", default: "flower" },
      of: { type: "string", default: "chelsea" },
      steps: { type: "string" },
    },
  });
  const root = process.env["PELLUCID_DATA"];
  if (root === undefined) throw new Error("Set PELLUCID_DATA to a folder that has photos/ and pretrained/.");
  const { chosen } = await useBackend();
  const open = async (name: string) => (name === "mosaic" ? mosaic() : photo(`${root}/photos/${name}.jpg`));
  const [style, second, picture] = await Promise.all([values.style, values.second, values.of].map(open));
  if (style === undefined || second === undefined || picture === undefined) throw new Error("No picture.");
  const eye = await squeezeEye(`${root}/pretrained/squeezenet1_0-deep-compression.safetensors`);
  const steps = values.steps === undefined ? {} : { steps: Number(values.steps) };
  if (positionals[0] === "video") {
    const others = names.filter((name) => name !== values.style && name !== values.of);
    const onStep = (step: number, loss: number) => {
      if (step % 10 === 0) process.stdout.write(`\r${chosen}: step ${step}, loss ${loss.toFixed(3)}  `);
    };
    const pictures = await Promise.all(others.map(open));
    const found = await paintVideo({ style, pictures, unseen: picture, eye, onStep, ...steps });
    const { frames, painted, bySingle, searched, flickers, milliseconds, size } = found;
    const gray = Object.entries(flickers).map(([name, value]) => `${name} ${(255 * value).toFixed(1)}`);
    console.log(`\nflicker in gray levels: ${gray.join(", ")}`);
    console.log(`a frame takes ${milliseconds.toFixed(0)} ms, ${(1000 / milliseconds).toFixed(0)} a second`);
    await save("video", [frames, painted, bySingle, searched].flat(), [size, size]);
  } else {
    const found = await paintPicture(picture, [style, second], eye, steps);
    const { height, width } = picture;
    await save(
      "pictures",
      [picture, ...found].map(({ data }) => data),
      [height, width],
    );
  }
}
