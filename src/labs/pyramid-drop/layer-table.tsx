// The stack as a table: what is alive in each layer, and how much of the answer's objects.
import { patchOwners } from '../../data/scenes/pack.ts';
import { renderScene } from '../../data/scenes/render.ts';
import { FoldedTables } from '../../pictures/data-table.tsx';
import type { ArmAnswer } from './ask.ts';
import { PATCH, SIDE } from './example.ts';
import type { Subject } from './subject.ts';

const PATCHES = (SIDE / PATCH) ** 2;

interface LayerTableProps {
  arm: ArmAnswer;
  alive: readonly (readonly number[])[];
  subject: Subject;
  about: readonly number[];
}

export function LayerTable({ arm, alive, subject: { scene }, about }: LayerTableProps) {
  const owners = scene && about.length ? patchOwners(renderScene(scene, SIDE), { size: SIDE, patch: PATCH }) : null;
  const all = owners ? Array.from(owners).filter((k) => about.includes(k)).length : 0;
  return (
    <FoldedTables
      summary="The stack as a table"
      align="left"
      tables={[
        {
          caption: `${arm.label || 'All tokens'}: image tokens alive in each layer`,
          head: ['Layer', 'Alive', ...(owners ? ["Of the answer's objects"] : []), 'Patches, by row from the top left'],
          rows: alive.map((patches, l) => [
            l + 1,
            patches.length,
            ...(owners ? [`${patches.filter((p) => about.includes(owners[p])).length} of ${all}`] : []),
            patches.length === PATCHES ? 'all' : patches.join(' '),
          ]),
        },
      ]}
    />
  );
}
