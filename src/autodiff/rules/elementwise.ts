// Gradient rules of elementwise ops.
import {
  add,
  and,
  cos,
  div,
  equal,
  exp,
  greater,
  greaterOrEqual,
  lessOrEqual,
  log,
  mul,
  neg,
  pow,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  sub,
  where,
} from '../../graph/builder.ts';
import type { Tensor } from '../../graph/graph.ts';
import { notDifferentiable, unary, vjp } from '../rule.ts';

/** The base of a^(b-1), 1 where both are 0. A constant exponent without zeros needs no such care. */
const basedOffZero = (a: Tensor, b: Tensor): Tensor =>
  b.data?.every((v) => v !== 0) ? a : where(and(equal(a, 0), equal(b, 0)), 1, a);

export const elementwise = {
  // d(-x) = -dx
  Neg: unary((_x, _y, dy) => neg(dy)),
  // d|x| = sign(x) dx, 0 at 0
  Abs: unary((x, _y, dy) => mul(dy, sign(x))),
  // d exp(x) = exp(x) dx
  Exp: unary((_x, y, dy) => mul(dy, y)),
  // d log x = dx / x
  Log: unary((x, _y, dy) => div(dy, x)),
  // d sqrt(x) = dx / (2 sqrt x)
  Sqrt: unary((_x, y, dy) => div(mul(dy, 0.5), y)),
  // d(1/x) = -dx / x^2
  Reciprocal: unary((_x, y, dy) => neg(mul(dy, square(y)))),
  // d tanh x = (1 - tanh^2 x) dx
  Tanh: unary((_x, y, dy) => mul(dy, sub(1, square(y)))),
  // d sigma(x) = sigma (1 - sigma) dx
  Sigmoid: unary((_x, y, dy) => mul(dy, mul(y, sub(1, y)))),
  // d softplus(x) = sigma(x) dx
  Softplus: unary((x, _y, dy) => mul(dy, sigmoid(x))),
  // d max(x, 0) = [x > 0] dx
  Relu: unary((_x, y, dy) => where(greater(y, 0), dy, 0)),
  // d leakyRelu(x) = [x > 0 ? 1 : alpha] dx
  LeakyRelu: vjp<{ alpha: number }>(([x], _y, [dy], { alpha }) => [where(greater(x, 0), dy, mul(dy, alpha))]),
  // d elu(x) = [x > 0 ? 1 : y + alpha] dx
  Elu: vjp<{ alpha: number }>(([x], [y], [dy], { alpha }) => [where(greater(x, 0), dy, mul(dy, add(y, alpha)))]),
  // d erf(x) = 2/sqrt(pi) exp(-x^2) dx
  Erf: unary((x, _y, dy) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  Sin: unary((x, _y, dy) => mul(dy, cos(x))),
  Cos: unary((x, _y, dy) => neg(mul(dy, sin(x)))),
  // d atan x = dx / (1 + x^2)
  Atan: unary((x, _y, dy) => div(dy, add(square(x), 1))),
  Asin: unary((x, _y, dy) => div(dy, sqrt(sub(1, square(x))))),
  Acos: unary((x, _y, dy) => neg(div(dy, sqrt(sub(1, square(x)))))),
  Floor: notDifferentiable,

  Add: vjp((_x, _y, [dy]) => [dy, dy]),
  Sub: vjp((_x, _y, [dy], _a, need) => [dy, need[1] ? neg(dy) : null]),
  // d(a^2) = 2a da in one piece
  Mul: vjp(([a, b], _y, [dy], _a, need) =>
    a === b ? [mul(mul(dy, 2), a), null] : [need[0] ? mul(dy, b) : null, need[1] ? mul(dy, a) : null],
  ),
  // d(a/b) = da/b - (a/b) db/b
  Div: vjp(([, b], [y], [dy], _a, need) => {
    const da = div(dy, b);
    return [da, need[1] ? neg(mul(da, y)) : null];
  }),
  // d a^b = b a^(b-1) da + a^b log(a) db, 0 where a^b log(a) is 0 times infinity, and where b a^(b-1) is
  Pow: vjp(([a, b], [y], [dy], _a, need) => [
    need[0] ? mul(dy, mul(b, pow(basedOffZero(a, b), sub(b, 1)))) : null,
    need[1] ? mul(dy, mul(y, log(where(equal(a, 0), 1, a)))) : null,
  ]),
  // the larger (smaller) one gets the gradient; at a tie the first
  Max: vjp(([a, b], _y, [dy]) => {
    const first = greaterOrEqual(a, b);
    return [where(first, dy, 0), where(first, 0, dy)];
  }),
  Min: vjp(([a, b], _y, [dy]) => {
    const first = greaterOrEqual(b, a);
    return [where(first, dy, 0), where(first, 0, dy)];
  }),

  Greater: notDifferentiable,
  Less: notDifferentiable,
  GreaterOrEqual: notDifferentiable,
  LessOrEqual: notDifferentiable,
  Equal: notDifferentiable,
  And: notDifferentiable,
  Not: notDifferentiable,
  Cast: notDifferentiable,
  Where: vjp(([c], _y, [dy], _a, need) => [null, need[1] ? where(c, dy, 0) : null, need[2] ? where(c, 0, dy) : null]),
  // inside the bounds and on them
  Clip: vjp<{ min: number; max: number }>(([x], _y, [dy], { min, max }) => [
    where(and(greaterOrEqual(x, min), lessOrEqual(x, max)), dy, 0),
  ]),
  // `detach` is an Identity through which nothing flows back
  Identity: vjp<{ stop?: number }>((_x, _y, [dy], { stop }) => [stop ? null : dy]),
};
