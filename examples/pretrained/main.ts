// A language model as hubs have it, from its folder or its address: config.json makes it, its weights are loaded, and it writes on.
import { fileURLToPath } from "node:url";
import { useBackend } from "@pellucid/backends";
import { fromPretrained, generate, readPretrainedJson } from "@pellucid/core-train";
import { MambaLm, mambaArchitectures } from "@pellucid/mamba";
import { Gpt, Llama, PretrainedTokenizer, transformerArchitectures } from "@pellucid/transformer";

/** Continues a text, or the indices of tokens where the model has no `tokenizer.json`, by the most likely tokens. */
export async function main(source: string, prompt: string, count: number): Promise<string> {
  const model = await fromPretrained(source, { ...transformerArchitectures, ...mambaArchitectures });
  if (!(model instanceof Gpt || model instanceof Llama || model instanceof MambaLm))
    throw new Error(`${source} has a ${model.constructor.name}, which writes no text`);
  const file = await readPretrainedJson(source, "tokenizer.json");
  const tokenizer = file === undefined ? undefined : new PretrainedTokenizer(file);
  const tokens = tokenizer?.encode(prompt) ?? Int32Array.from(prompt.split(" "), Number);
  const written = [...tokens];
  const options = { maxNewTokens: count, temperature: 0 };
  const stream =
    model instanceof MambaLm ? generate(model, tokens, options) : generate(model, tokens, options);
  for await (const token of stream) written.push(token);
  model.dispose();
  return tokenizer?.decode(written) ?? written.join(" ");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const miniature = fileURLToPath(new URL("../../packages/transformer/fixtures/hub/llama", import.meta.url));
  const [source = miniature, prompt = "1 5 9", count = "6"] = process.argv.slice(2);
  await useBackend();
  console.log(await main(source, prompt, Number(count)));
}
