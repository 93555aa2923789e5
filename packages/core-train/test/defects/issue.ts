import type { Defect, Scope } from "./defect.ts";
import { fixOf } from "./fixes.ts";

const repository = "https://github.com/pellucid-js/pellucid/blob/main";

const setUp: Readonly<Record<Scope, string>> = {
  core: 'import * as tf from "@tensorflow/tfjs";\n\nawait tf.setBackend("cpu"); // any other backend does the same',
  cpu: 'import * as tf from "@tensorflow/tfjs";\n\nawait tf.setBackend("cpu");',
  wasm: 'import * as tf from "@tensorflow/tfjs";\nimport "@tensorflow/tfjs-backend-wasm";\n\nawait tf.setBackend("wasm");',
  webgpu:
    'import * as tf from "@tensorflow/tfjs";\nimport "@tensorflow/tfjs-backend-webgpu";\n\nawait tf.setBackend("webgpu");\ntf.env().set("WEBGPU_CPU_FORWARD", false);',
};

const coreAlone =
  'import * as tf from "@tensorflow/tfjs-core";\nimport "@tensorflow/tfjs-core/dist/register_all_gradients.js"; // through a bundler\nimport "@tensorflow/tfjs-backend-cpu"; // and not @tensorflow/tfjs, which adds methods to tensors\n\nawait tf.setBackend("cpu");';

const named: Readonly<Record<Scope, string>> = { core: "", cpu: "CPU: ", wasm: "WASM: ", webgpu: "WebGPU: " };

/** What a defect is called in a list of issues. */
export const issueTitle = (scope: Scope, { title }: Defect): string => `${named[scope]}${title}`;

/** The file of a defect's issue. */
export const issueFile = (scope: Scope, { title }: Defect): string => {
  const words = title.normalize("NFKD").replaceAll("⁰", "0").toLowerCase();
  const name = words
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-|-$/gu, "")
    .slice(0, 60);
  return `${scope}-${name.replace(/-$/u, "")}.md`;
};

/**
 * The text of an issue, ready to be sent.
 *
 * @param found what tfjs gives, or the error that it throws
 */
export function issueText(scope: Scope, defect: Defect, found: readonly number[] | string): string {
  const { code, right, varies = false, alone = false } = defect;
  const { idea, file } = fixOf(scope, defect);
  const numbers = (values: readonly number[]) => (values.length === 0 ? "[]" : values.map(short).join(", "));
  const actual = varies
    ? "What was in memory, or a trap: it differs from program to program."
    : `\`${typeof found === "string" ? found.split("\n")[0] : numbers(found)}\``;
  return `# ${issueTitle(scope, defect)}

**Version:** TensorFlow.js 4.22.0 (the latest release), ${scope === "webgpu" ? "a page with WebGPU, and Dawn in Node" : "Node 24 and Chromium"}.

**Reproduction:**

\`\`\`js
${alone ? coreAlone : setUp[scope]}
const y = ${code};
console.log(Array.from(await y.data()));
\`\`\`

**Expected:** \`${right.join(", ")}\`

**Actual:** ${actual}

**Suggested fix:** ${idea} [One that works](${repository}/${file}).

This case runs against tfjs in [a test](${repository}/packages/core-train/test/defects/plain.test.ts), which fails as soon as it is fixed.
`;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
