import type { EmbeddingFiles, EventFile } from "@pellucid/core-train/tensorboard";
import { strToU8, zipSync } from "fflate";
import { html } from "../src/draw/element-of.ts";

/** What TensorBoard shows of a story, as a folder to save: `tensorboard --logdir` it. */
export async function tensorBoardZip(
  log: EventFile,
  embeddings: readonly EmbeddingFiles[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array> = {
    [log.name]: new Uint8Array(await (await log.toBlob()).arrayBuffer()),
  };
  for (const { files: written } of embeddings)
    for (const [path, content] of Object.entries(written))
      files[path] = typeof content === "string" ? strToU8(content) : content;
  if (embeddings.length > 0)
    files["projector_config.pbtxt"] = strToU8(embeddings.map(({ config }) => config).join(""));
  return zipSync(files);
}

/** A button that saves it. */
export function forTensorBoard(log: EventFile, embeddings: readonly EmbeddingFiles[] = []): HTMLElement {
  const button = html("button", { type: "button" }, "Save all of it for TensorBoard");
  button.addEventListener("click", () => {
    void tensorBoardZip(log, embeddings).then((zip) => {
      const href = URL.createObjectURL(new Blob([zip], { type: "application/zip" }));
      html("a", { href, download: "tensorboard.zip" }).click();
      URL.revokeObjectURL(href);
    });
  });
  return html("div", { style: "flex-basis:100%" }, button);
}
