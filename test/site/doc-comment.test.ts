import { expect, test } from "vitest";
import { readDocComment } from "../../tools/site/doc-comment.ts";

test("a comment in parts", () => {
  const comment = `/**
 * The cross-entropy of logits,
 * PyTorch's \`cross_entropy\`.
 *
 * \`\`\`ts
 * @notATag
 * \`\`\`
 *
 * @param input \`[batch, class]\`
 *   logits
 * @param target labels
 * @returns one number
 * @throws {LabelError} for a label outside
 */`;
  expect(readDocComment(comment)).toEqual({
    sentence: "The cross-entropy of logits, PyTorch's `cross_entropy`.",
    text: "The cross-entropy of logits,\nPyTorch's `cross_entropy`.\n\n```ts\n@notATag\n```",
    params: [
      { name: "input", text: "`[batch, class]`\n  logits" },
      { name: "target", text: "labels" },
    ],
    returns: "one number",
    throws: ["LabelError for a label outside"],
  });
});

test("a comment of one line", () => {
  expect(readDocComment("/** `[in, out]` */")).toMatchObject({ sentence: "`[in, out]`", throws: [] });
});
