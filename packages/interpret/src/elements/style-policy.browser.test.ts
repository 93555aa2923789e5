import { expect, test } from "vitest";

// A page whose policy has neither `unsafe-inline` nor a nonce for styles.

test("drawings and elements keep their looks under style-src 'self'", async () => {
  const frame = document.createElement("iframe");
  frame.srcdoc = `<!doctype html>
    <meta http-equiv="Content-Security-Policy" content="style-src 'self'">
    <script type="module">
      const violations = [];
      addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.sample));
      const elements = await import("${new URL("./index.ts", import.meta.url).href}");
      const draw = await import("${new URL("../draw/index.ts", import.meta.url).href}");
      const parts = await import("${new URL("../parts/bars.ts", import.meta.url).href}");
      const data = { data: [0, 1, 2, 3], shape: [2, 2] };
      const element = document.createElement("pellucid-heatmap");
      element.data = data;
      const figures = [
        draw.heatmap(data, { title: "A map" }),
        draw.matrix(data, { title: "A table" }),
        draw.scatter({ data: [0, 0, 1, 1], shape: [2, 2] }, { title: "Points" }),
        draw.pictures({ data: [0, 1, 0, 1], shape: [1, 2, 2, 1] }, { title: "Pictures" }),
        draw.curves({ loss: [1, 2, 3] }, { title: "Curves" }),
      ];
      document.body.append(element, ...figures);
      for (const [, part] of Object.entries(parts))
        if (part.prototype instanceof HTMLElement) document.body.append(new part());
      await element.drawn;
      const caption = element.shadowRoot.querySelector("figcaption");
      const styled = document.body.querySelectorAll("[style]").length;
      await new Promise((resolve) => setTimeout(resolve));
      const seen = [...violations];
      document.body.setAttribute("style", "color: red"); // what the policy forbids
      await new Promise((resolve) => setTimeout(resolve));
      parent.postMessage({ violations: seen, forbidden: violations.slice(seen.length), styled, weight: getComputedStyle(caption).fontWeight, bar: getComputedStyle(document.querySelector("figure")).display }, "*");
    </script>`;
  const outcome = new Promise<unknown>((resolve) => {
    addEventListener("message", ({ source, data }) => source === frame.contentWindow && resolve(data));
  });
  document.body.append(frame);
  const { violations, forbidden, styled, weight, bar } = (await outcome) as {
    violations: string[];
    forbidden: string[];
    styled: number;
    weight: string;
    bar: string;
  };
  expect(violations).toEqual([]);
  expect(forbidden).toHaveLength(1);
  expect(styled).toBeGreaterThan(10);
  expect([weight, bar]).toEqual(["600", "inline-block"]);
  frame.remove();
});
