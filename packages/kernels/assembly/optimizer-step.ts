// One step of an optimizer for one parameter of `count` numbers. Numbers go four at a time, the last ones by
// themselves.

/** Adam: see `PellucidAdam` in the core. */
export function adamStep(
  gradient: usize,
  parameter: usize,
  mu: usize,
  nu: usize,
  update: usize,
  nextMu: usize,
  nextNu: usize,
  count: i32,
  keep1: f32,
  take1: f32,
  keep2: f32,
  take2: f32,
  eps: f32,
  stepSize: f32,
  correction: f32,
  penalty: f32,
  decay: f32,
): void {
  const isNear = take1 < 0.5; // as torch.lerp: the nearer end is the one that is corrected
  const end = (<usize>count) << 2;
  const whole = end & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(penalty)));
    const m0 = v128.load(mu + at);
    const way = f32x4.sub(g, m0);
    const m = isNear
      ? f32x4.add(m0, f32x4.mul(way, f32x4.splat(take1)))
      : f32x4.sub(g, f32x4.mul(way, f32x4.splat(keep1)));
    const v = f32x4.add(
      f32x4.mul(v128.load(nu + at), f32x4.splat(keep2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(take2)),
    );
    const root = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(eps));
    const step = f32x4.mul(f32x4.div(m, root), f32x4.splat(-stepSize));
    v128.store(update + at, f32x4.sub(step, f32x4.mul(p, f32x4.splat(decay))));
    v128.store(nextMu + at, m);
    v128.store(nextNu + at, v);
  }
  for (let at = whole; at < end; at += 4) {
    const p = load<f32>(parameter + at);
    const g = load<f32>(gradient + at) + p * penalty;
    const m0 = load<f32>(mu + at);
    const m = isNear ? m0 + (g - m0) * take1 : g - (g - m0) * keep1;
    const v = load<f32>(nu + at) * keep2 + g * g * take2;
    const root = sqrt<f32>(v) / correction + eps;
    store<f32>(update + at, (m / root) * -stepSize - p * decay);
    store<f32>(nextMu + at, m);
    store<f32>(nextNu + at, v);
  }
}

/** Gradient descent with momentum: see `PellucidMomentum` in the core. */
export function momentumStep(
  gradient: usize,
  parameter: usize,
  momentum: usize,
  update: usize,
  next: usize,
  count: i32,
  keep: f32,
  take: f32,
  isNesterov: bool,
  learningRate: f32,
  penalty: f32,
): void {
  const end = (<usize>count) << 2;
  const whole = end & ~15;
  for (let at: usize = 0; at < whole; at += 16) {
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(penalty)));
    const decayed = f32x4.mul(v128.load(momentum + at), f32x4.splat(keep));
    const m = f32x4.add(decayed, f32x4.mul(g, f32x4.splat(take)));
    const direction = isNesterov ? f32x4.add(g, f32x4.mul(m, f32x4.splat(keep))) : m;
    v128.store(update + at, f32x4.mul(direction, f32x4.splat(-learningRate)));
    v128.store(next + at, m);
  }
  for (let at = whole; at < end; at += 4) {
    const g = load<f32>(gradient + at) + load<f32>(parameter + at) * penalty;
    const m = load<f32>(momentum + at) * keep + g * take;
    const direction = isNesterov ? g + m * keep : m;
    store<f32>(update + at, direction * -learningRate);
    store<f32>(next + at, m);
  }
}
