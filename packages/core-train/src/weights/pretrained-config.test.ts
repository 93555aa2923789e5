import { PretrainedConfig, PretrainedError } from "@pellucid/core-train";
import { expect, test } from "vitest";

const config = new PretrainedConfig("Net.fromConfig", {
  layers: 2,
  eps: 1e-5,
  tied: true,
  act: "silu",
  none: null,
  rope: { factor: 4 },
  width: "wide",
});

test("fields are read, or have what stands in for them", () => {
  expect([
    config.size("layers"),
    config.size("heads", 3),
    config.number("eps"),
    config.number("none", 7),
  ]).toEqual([2, 3, 1e-5, 7]);
  expect([config.flag("tied"), config.flag("other", false)]).toEqual([true, false]);
  expect([config.choice("act", { silu: 1, gelu: 2 }), config.choice("none", { a: 3 }, "a")]).toEqual([1, 3]);
  expect([config.has("none"), config.has("rope"), config.value("width")]).toEqual([false, true, "wide"]);
  expect([config.inner("rope").number("factor"), config.inner("none").number("factor", 1)]).toEqual([4, 1]);
  for (const name of ["act", "none", "missing"]) expect(() => config.only(name, "silu")).not.toThrow();
});

test.each<[() => unknown, string]>([
  [() => config.size("width"), 'Net.fromConfig: width is "wide", expected a positive integer.'],
  [() => config.size("eps"), "Net.fromConfig: eps is 0.00001, expected a positive integer."],
  [() => config.number("tied"), "Net.fromConfig: tied is true, expected a number."],
  [() => config.flag("layers"), "Net.fromConfig: layers is 2, expected true or false."],
  [
    () => config.choice("act", { gelu: 1, relu: 2 }),
    'Net.fromConfig: act is "silu", expected "gelu" or "relu".',
  ],
  [() => config.choice("act", { toString: 1 }), 'Net.fromConfig: act is "silu", expected "toString".'],
  [() => config.only("layers", 1, 3), "Net.fromConfig: layers is 2, expected 1 or 3; no other is known."],
  [() => config.size("layer"), "Net.fromConfig: the config has no layer. It has layers."],
  [() => config.inner("rope").number("base"), "Net.fromConfig: rope: the config has no base."],
  [() => config.inner("act"), 'Net.fromConfig: act: config is "silu", expected an object.'],
  [() => new PretrainedConfig("Net.fromConfig", [1]), "Net.fromConfig: config is [1], expected an object."],
])("what is wrong is said: %#", (read, message) => {
  expect(read).toThrow(new PretrainedError(message));
});
