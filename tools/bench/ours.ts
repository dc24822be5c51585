// Our engine as a contender: the same stepper that a lab uses.
import { openEngine, type RuntimeEngine } from '../../src/runtime/engine/engine.ts';
import type { Contender, Target, Task } from './contender.ts';
import { firstWeights, RATE } from './workload.ts';

const engines = new Map<Target, Promise<RuntimeEngine>>();
function engineFor(target: Target): Promise<RuntimeEngine> {
  if (!engines.has(target)) engines.set(target, openEngine(target));
  return engines.get(target)!;
}

export async function openOurs({ workload, batch, target, data }: Task): Promise<Contender> {
  const engine = await engineFor(target);
  const built = workload.build(batch);
  const { program } = built;
  const sources = Object.fromEntries(Object.entries(data).map(([name, t]) => [name, t.data]));
  const stepper = await engine.stepper(program, program.zeroState(firstWeights(built).flat), sources);
  return {
    nodes: program.graph.nodes.length,
    async run(count) {
      for (let i = 0; i < count; i++) await stepper.step(program.rates(stepper.steps + 1, RATE));
      return (await stepper.metrics())[0];
    },
    dispose: () => stepper.dispose(),
  };
}
