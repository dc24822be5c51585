// The one table of gradient rules; an op without an entry is a compile error.
import type { OpType } from '../../graph/ops/table.ts';
import type { Rule } from '../rule.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import { reductions } from './reduce.ts';
import { movement } from './shape.ts';

export const rules: Record<OpType, Rule> = { ...elementwise, ...reductions, ...movement, ...linear } satisfies {
  [T in OpType]: Rule;
};
