/** Stores the first `lanes` of four numbers. */
export function storeLanes(to: usize, numbers: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(to, numbers);
    return;
  }
  store<f32>(to, f32x4.extract_lane(numbers, 0));
  if (lanes > 1) store<f32>(to, f32x4.extract_lane(numbers, 1), 4);
  if (lanes > 2) store<f32>(to, f32x4.extract_lane(numbers, 2), 8);
}

/** Adds the first `lanes` of four numbers to those in memory. */
export function addLanes(to: usize, numbers: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(to, f32x4.add(v128.load(to), numbers));
    return;
  }
  store<f32>(to, load<f32>(to) + f32x4.extract_lane(numbers, 0));
  if (lanes > 1) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(numbers, 1), 4);
  if (lanes > 2) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(numbers, 2), 8);
}
