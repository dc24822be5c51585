// Decoupled knowledge distillation (DKD): how sure the teacher is of the true class, and how it ranks the other classes, weighted apart.
import { add, bareLogSumExp, exp, mul, reduceLogSumExp, reduceMean, reduceSum, sub } from '../graph/builder.ts';
import type { Tensor } from '../graph/graph.ts';
import { logSoftmax, offLargest } from './log-softmax.ts';
import { BLOCKED } from '../nn/attention.ts';

interface Parts {
  /** log p of the target and of "any other class" [.., B]. */
  target: Tensor;
  rest: Tensor;
  /** log p among the other classes [.., B, C]; far below 0 at the target. */
  others: Tensor;
}

function partsOf(logits: Tensor, targets: Tensor, temperature: number): Parts {
  const z = offLargest(mul(logits, 1 / temperature));
  const blocked = add(z, mul(targets, BLOCKED));
  const all = bareLogSumExp(z, -1);
  return {
    target: sub(reduceSum(mul(z, targets), -1), all),
    rest: sub(reduceLogSumExp(blocked, -1), all),
    others: logSoftmax(blocked),
  };
}

/**
 * T^2 mean_i [ TCKD ] and T^2 mean_i [ NCKD ] (Zhao et al. 2022, eq. 7): KL over {target, rest}, and KL over the other classes.
 * @param student s [.., B, C]
 * @param teacher t [B, C]
 * @param targets one-hot [B, C]
 * @returns each scalar, or [S] for stacked logits; DKD = alpha target + beta others
 */
export function decoupledDistillation(
  student: Tensor,
  teacher: Tensor,
  targets: Tensor,
  temperature: number,
): { target: Tensor; others: Tensor } {
  const t = partsOf(teacher, targets, temperature);
  const s = partsOf(student, targets, temperature);
  const scale = temperature * temperature;
  const two = add(mul(exp(t.target), sub(t.target, s.target)), mul(exp(t.rest), sub(t.rest, s.rest)));
  const many = reduceSum(mul(exp(t.others), sub(t.others, s.others)), -1);
  return { target: mul(reduceMean(two, -1), scale), others: mul(reduceMean(many, -1), scale) };
}
