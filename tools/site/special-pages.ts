import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { storiesOf, storyFiles } from "./demos.ts";
import type { Guide } from "./guides.ts";
import type { Page } from "./layout.ts";
import { codeBlock, escapeHtml } from "./markdown.ts";
import type { Reference } from "./reference.ts";

const start = `npm create pellucid@latest my-net -- --template browser
cd my-net && npm install
npm start`;

/** The first page. */
export function homePage({ packages }: Reference, guides: readonly Guide[]): Page {
  const total = packages.reduce((sum, { entries }) => sum + entries.length, 0);
  const first = guides
    .slice(0, 8)
    .map(
      ({ name, title, about }) =>
        `<li><a href="guides/${name}.html"><strong>${escapeHtml(title)}</strong></a><p>${escapeHtml(about.replaceAll("`", ""))}</p></li>`,
    );
  const pictures = [
    [
      "attribution-gradientshap--relative-to-other-images.webp",
      "GradientSHAP: which pixels add to a score, and by how much",
    ],
    [
      "adversarial-examples-attacks--in-color.webp",
      "An attack on a small residual net, with the perturbation that fools it",
    ],
  ].map(
    ([file, text]) =>
      `<figure><img src="pictures/${file}" alt="${text}"><figcaption>${text}</figcaption></figure>`,
  );
  return {
    path: "index.html",
    title: "Deep learning you can see through",
    description:
      "npm packages that train and explain neural networks in TypeScript, with PyTorch's names, numbers and weights.",
    body: `<h1>Deep learning you can see through</h1>
<p>npm packages, one per model family, that train and explain neural networks in TypeScript: with PyTorch's names, numbers and weights, on WebAssembly everywhere, and on a GPU where there is one.</p>
${codeBlock(start, "sh")}
<p>Other templates: <code>node</code>, <code>worker</code>, <code>react</code>, <code>storybook</code>. Coming from PyTorch, Keras or TensorFlow.js? Press <kbd>/</kbd> and type the name that you know: <code>nn.GroupNorm</code>, <code>Dense</code>, <code>tf.grad</code>.</p>
<h2 id="guides">Guides</h2><ul class="cards">${first.join("")}</ul>
<h2 id="see">What you will see</h2>${pictures.join("")}<p><a href="demos.html">All demos</a> run in your browser.</p>
<h2 id="reference">Reference</h2><p><a href="api/index.html">${packages.length} packages, ${total} names</a>, a page for each, with an example that the checks of the repository run.</p>`,
    side: `<h2>Begin</h2><ul><li><a href="guides/index.html">Guides</a></li><li><a href="api/index.html">Reference</a></li><li><a href="demos.html">Demos</a></li></ul><h2>Packages</h2><ul>${packages.map(({ folder, name }) => `<li><a href="api/${folder}/index.html">${name}</a></li>`).join("")}</ul>`,
  };
}

/** All stories, with their recorded pictures. */
export function demosPage(root: string): Page {
  const groups = new Map<string, string[]>();
  for (const file of storyFiles(root)) {
    const source = readFileSync(join(root, file), "utf8");
    const [group = ""] = (/title:\s*"([^"]+)"/u.exec(source)?.[1] ?? "").split("/");
    for (const { title, id } of storiesOf(source)) {
      const picture = existsSync(join(root, `packages/interpret/stories/recorded/${id}.webp`))
        ? `<img src="pictures/${id}.webp" alt="" loading="lazy">`
        : "";
      const item = `<li>${picture}<a href="storybook/index.html?path=/story/${id}">${escapeHtml(title)}</a></li>`;
      groups.set(group, [...(groups.get(group) ?? []), item]);
    }
  }
  const anchor = (group: string) => group.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
  const names = [...groups.keys()].toSorted();
  return {
    path: "demos.html",
    title: "Demos",
    description: "Every demo trains or explains a net in your browser; nothing is sent anywhere.",
    body: `<h1>Demos</h1><p>Each computes its answer in your browser, on the best backend that it has: nothing is sent anywhere. The pictures are recorded.</p>${names.map((group) => `<h2 id="${anchor(group)}">${escapeHtml(group)}</h2><ul class="cards">${groups.get(group)?.join("")}</ul>`).join("\n")}`,
    side: `<h2>Demos</h2><ul>${names.map((group) => `<li><a href="#${anchor(group)}">${escapeHtml(group)}</a></li>`).join("")}</ul>`,
  };
}
