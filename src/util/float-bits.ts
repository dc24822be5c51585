// Checkpoints hold arrays of single precision; these carry doubles through them without loss, two places for each number.

/** The bits of doubles as twice as many singles; what the singles are as numbers means nothing. */
export const doublesToBits = (values: ArrayLike<number>): Float32Array =>
  new Float32Array(Float64Array.from(values).buffer);

/** The doubles again, in an array of their own. */
export const bitsToDoubles = (bits: Float32Array): Float64Array => new Float64Array(bits.slice().buffer);
