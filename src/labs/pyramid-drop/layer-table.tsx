// The stack as a table: what is alive in each layer, and how much of the answer's objects.
import { patchOwners } from '../../data/scenes/pack.ts';
import { renderScene } from '../../data/scenes/render.ts';
import type { ArmAnswer } from './ask.ts';
import { PATCH, SIDE } from './example.ts';
import type { Subject } from './subject.ts';

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
    <details className="pd-table small">
      <summary>The stack as a table</summary>
      <div className="scroll-x">
        <table>
          <caption>{arm.label || 'All tokens'}: image tokens alive in each layer</caption>
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Alive</th>
              {owners && <th scope="col">Of the answer's objects</th>}
              <th scope="col">Patches, by row from the top left</th>
            </tr>
          </thead>
          <tbody>
            {alive.map((patches, l) => (
              <tr key={l}>
                <th scope="row">{l + 1}</th>
                <td className="num">{patches.length}</td>
                {owners && (
                  <td className="num">
                    {patches.filter((p) => about.includes(owners[p])).length} of {all}
                  </td>
                )}
                <td className="num">{patches.length === 64 ? 'all' : patches.join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
