// Label privacy: each bag mean is released with Laplace noise, so that changing one response hardly changes what is seen.

/** Privacy is off from this value of epsilon on. */
export const NO_PRIVACY = 100;

/** Level at which responses are cut before averaging: responses are N(0, 1 + sigma^2), of n the largest is about this. */
export const truncation = (n: number, sigma: number): number => Math.sqrt((1 + sigma ** 2) * 2 * Math.log(n));

/** Scale b of the Laplace noise on a mean of k responses in [-C, C]: sensitivity 2C/k over epsilon (Dwork et al. 2006). */
export const laplaceScale = (C: number, k: number, epsilon: number): number =>
  epsilon >= NO_PRIVACY ? 0 : (2 * C) / (k * epsilon);

/** Noise of a single response that would spread bag means as much as sigma and the Laplace noise (variance 2 b^2) together. */
export const effectiveSigma = (sigma: number, b: number, k: number): number => Math.sqrt(sigma ** 2 + 2 * k * b ** 2);

/** Laplace noise from a uniform number. */
export const laplace = (uniform: number, scale: number): number =>
  scale === 0 ? 0 : -scale * Math.sign(uniform - 0.5) * Math.log(1 - 2 * Math.abs(uniform - 0.5) + 1e-300);
