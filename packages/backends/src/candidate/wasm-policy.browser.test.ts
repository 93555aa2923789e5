import { expect, test } from "vitest";

test("a page whose policy forbids WebAssembly says so, and which word allows it", async () => {
  const frame = document.createElement("iframe");
  const module = new URL("../use-backend.ts", import.meta.url).href;
  frame.srcdoc = `<!doctype html>
    <meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'">
    <script type="module">
      import { useBackend } from "${module}";
      parent.postMessage(await useBackend({ only: "wasm" }).catch(({ message }) => message), "*");
    </script>`;
  const outcome = new Promise<unknown>((resolve) => {
    addEventListener("message", ({ source, data }) => source === frame.contentWindow && resolve(data));
  });
  document.body.append(frame);
  expect(await outcome).toBe(
    "useBackend: none of the backends tried can be used. wasm: the page's content security policy forbids WebAssembly: " +
      "add 'wasm-unsafe-eval' to its script-src.",
  );
  frame.remove();
});
