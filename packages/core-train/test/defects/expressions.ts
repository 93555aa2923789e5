/** A gradient, as a page about defects writes it. */
export const of = (code: string, x: string): string => `tf.grad((x) => ${code})(${x})`;
/** The gradient of a gradient. */
export const twice = (code: string, x: string): string => `tf.grad((x) => tf.grad((x) => ${code})(x))(${x})`;
/** Integers. */
export const index = (rows: string): string => `tf.tensor(${rows}, undefined, "int32")`;
/** The gradient of `sum(f(x)²)`, summed, differentiated once more. */
export const bent = (code: string, x: string): string => twice(`tf.sum(tf.square(${code}))`, x);
