import { beta, checkPositive, type Rng, ShapeError } from "@pellucid/core-train";
import { joinScenes } from "./join-scenes.ts";
import { checkScene, type Scene } from "./scene.ts";

/**
 * Two scenes over each other, `λ x + (1 − λ) x′`, with the objects of both. `λ` is drawn from a beta distribution with two equal parameters, mostly near 0.5, so that both can be seen.
 * Zhang et al., 2019, section 3.1. https://arxiv.org/abs/1902.04103
 *
 * @param alpha both parameters of the distribution
 */
export function mixUpScenes(first: Scene, second: Scene, rng: Rng, alpha = 8): Scene {
  checkScene("mixUpScenes", first);
  checkScene("mixUpScenes", second);
  checkPositive("mixUpScenes", { alpha });
  const [shape, other] = [first.image.shape, second.image.shape];
  if (shape.some((size, i) => size !== other[i]))
    throw new ShapeError(
      `mixUpScenes: images are [${shape.join(", ")}] and [${other.join(", ")}], expected the same size.`,
    );
  const own = beta(alpha, rng);
  const data = first.image.data.map((x, i) => own * x + (1 - own) * (second.image.data[i] ?? NaN));
  return joinScenes("mixUpScenes", { data, shape }, [first, second]);
}
