// The page: trains after a click, shows what each model writes, and offers the adapter's files.
import { useBackend } from "@pellucid/backends";
import { type LoraReport, teach } from "./teach.ts";

const element = <E extends HTMLElement>(id: string): E => document.querySelector(`#${id}`) as E;
const [button, progress] = [element<HTMLButtonElement>("train"), element<HTMLProgressElement>("progress")];
const status = element("status");
const steps = Number(new URLSearchParams(location.search).get("steps") ?? 150);

button.addEventListener("click", () => {
  button.disabled = true;
  void train().catch((error: unknown) => {
    status.textContent = String(error);
  });
});

async function train(): Promise<void> {
  const { chosen } = await useBackend({ only: "wasm" }); // the model is too small for a GPU
  const report = await teach(0, {
    steps,
    onStep(sentence, step, loss) {
      progress.value = ((sentence === "first" ? 0 : steps) + step) / (2 * steps);
      status.textContent = `The ${sentence} sentence, step ${step} on ${chosen}: a loss of ${loss.toFixed(3)}`;
    },
  });
  show(report);
}

function show({ texts, weights, adapterWeights, files, losses }: LoraReport): void {
  const [base, adapted, removed, merged] = texts;
  const rows = [
    [`${weights.toLocaleString("en")} weights write`, base],
    [`an adapter of ${adapterWeights.toLocaleString("en")} more`, adapted],
    ["without it again", removed],
    ["merged into a copy", merged],
  ] as const;
  element("texts").replaceChildren(...rows.flatMap(([name, text]) => [made("dt", name), made("dd", text)]));
  element("files").replaceChildren("The adapter for peft: ", ...Object.entries(files).flatMap(link));
  status.textContent =
    steps > 20 ? "Trained." : `Trained: losses ${losses.map((loss) => loss.toFixed(5)).join(" ")}`;
}

function made(tag: string, text: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

function link([name, content]: [string, string | Uint8Array<ArrayBuffer>]): (Node | string)[] {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([content]));
  a.download = name;
  a.textContent = name;
  return [a, " "];
}
