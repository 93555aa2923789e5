// A U-Net learns colored shapes, and draws from noise those that it is asked for: classifier-free guidance.
import { useBackend } from "@pellucid/backends";
import { encodeImage, makeGrid } from "@pellucid/core-train/tensorboard";
import { writeCheckpoint } from "@pellucid/core-train/node";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { classes, drawShapes, enlarge } from "./shapes.ts";

const { values } = parseArgs({ options: { steps: { type: "string" }, checkpoint: { type: "string" } } });
const { chosen } = await useBackend();
const began = performance.now();
const onStep = (step: number, loss: number) =>
  process.stdout.write(
    `\r${chosen}: step ${step}, loss ${loss.toFixed(4)}, ${((performance.now() - began) / 1000).toFixed(0)} s  `,
  );
const { steps, checkpoint } = values;
const { samples, right, seen } = await drawShapes({
  onStep,
  ...(steps !== undefined && { steps: Number(steps) }),
  ...(checkpoint !== undefined && {
    ...(existsSync(checkpoint) && { resume: await readFile(checkpoint) }),
    onCheckpoint: (parts) => writeCheckpoint(checkpoint, parts),
  }),
});
const sheet = makeGrid(enlarge(samples, seen.length, 6));
await writeFile(new URL("sheet.png", import.meta.url), encodeImage(sheet).png);
console.log(`\nsheet.png: rows of ${classes.join(", ")}; ${right} of ${seen.length} are what was asked for`);
